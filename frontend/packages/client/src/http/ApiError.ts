/** Why a request failed: an answer of the server, a time-out, or no answer at all. */

import type { ErrorDetail } from "./api.gen";

/** What the server sends, or what we say where it said nothing. */
type ErrorBody = Pick<ErrorDetail, "type" | "message"> & Partial<ErrorDetail>;

export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The server's stable code, such as "NotFound"; "Unreachable", "TimedOut", "SignedOut" and "Unexplained" come from here. */
  readonly type: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly retryable: boolean;
  /** The Retry-After header (429, 503); null when there is none. */
  readonly retryAfterSeconds: number | null;
  /** The problem of each invalid field, by the field's name. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, body: ErrorBody, retryAfterSeconds: number | null = null) {
    super(body.message);
    this.status = status;
    this.type = body.type;
    this.retryable = body.retryable ?? false;
    this.retryAfterSeconds = retryAfterSeconds;
    this.fields = body.fields ?? {};
  }

  /** Reads the answer's `{"error": {…}}`; for any other body the message names the status. */
  static async from(response: Response): Promise<ApiError> {
    const body: unknown = await response.json().catch(() => null);
    const { status } = response;
    return new ApiError(status, isErrorAnswer(body) ? body.error : unexplained(status), retryAfter(response));
  }

  static unreachable(): ApiError {
    return new ApiError(0, {
      type: "Unreachable",
      message: "Callboard cannot be reached. Check your network connection.",
      retryable: true,
    });
  }

  static timedOut(): ApiError {
    return new ApiError(0, {
      type: "TimedOut",
      message: "The request timed out. Try again.",
      retryable: true,
    });
  }

  static signedOut(): ApiError {
    return new ApiError(401, { type: "SignedOut", message: "Please sign in." });
  }
}

/** The server's refusal, which a retry does not change; null for any other failure, which may be temporary. */
export function refusalOf(error: unknown): { type: string; message: string } | null {
  const isRefusal = error instanceof ApiError && [400, 403, 404, 409].includes(error.status);
  return isRefusal ? { type: error.type, message: error.message } : null;
}

/** For how many seconds the server asks us to wait; null when it does not say. */
export function retryAfterOf(error: unknown): number | null {
  return error instanceof ApiError ? error.retryAfterSeconds : null;
}

function unexplained(status: number): ErrorBody {
  return { type: "Unexplained", message: `The server answered ${status}.`, retryable: status >= 500 };
}

/** Only the form with seconds: Callboard does not send the one with a date. */
function retryAfter(response: Response): number | null {
  const seconds = Number.parseFloat(response.headers.get("Retry-After") ?? "");
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function isErrorAnswer(body: unknown): body is { error: ErrorBody } {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const { error } = body;
  return typeof error === "object" && error !== null && "type" in error && "message" in error;
}
