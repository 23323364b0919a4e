/** One HTTP request with JSON in and out, a time-out, and every failure as an ApiError. */

import { ApiError } from "./ApiError";
import { fetchTellingSent } from "./upload";

export interface RequestOptions {
  body?: unknown;
  /** A file as the body, as it is, in the place of JSON. */
  file?: Blob;
  token?: string;
  signal?: AbortSignal;
  /** Beyond the time that it takes to send the body over a slow network. */
  timeoutSeconds?: number;
  /** Of `file`: called with the share of it that is under way, 0–1. Where there is no XMLHttpRequest, with 1 at the end. */
  onSent?: (fraction: number) => void;
  /** Sends and accepts the cookies of the admin's session, for the few addresses of ours that go by them. */
  withCookies?: boolean;
  /** The refresh token is in a cookie: the server takes it from there, and puts the next one there. */
  inCookie?: boolean;
  /** It is sent even if the page is left meanwhile. */
  keepalive?: boolean;
}

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

const TIMEOUT_SECONDS = 15;
const SLOW_BYTES_PER_SECOND = 30_000; // what somebody may have who sends a book

/** Resolves with the answer's JSON (undefined for an empty one). Rejects with ApiError; with AbortError when `signal` aborted it. */
export async function request<Answer>(
  method: Method,
  address: string,
  { timeoutSeconds = TIMEOUT_SECONDS, signal, keepalive = false, onSent, ...sent }: RequestOptions = {},
): Promise<Answer> {
  const init = whatIsSent(sent);
  const timeout = AbortSignal.timeout(
    Math.ceil((timeoutSeconds + sizeOf(init.body) / SLOW_BYTES_PER_SECOND) * 1000),
  );
  const wish: RequestInit = {
    method,
    ...init,
    keepalive,
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  };
  const response = await (onSent ? fetchTellingSent(address, wish, onSent) : fetch(address, wish)).catch(
    (reason: unknown) => {
      throw signal?.aborted ? reason : noAnswer(timeout);
    },
  );
  if (!response.ok) throw await ApiError.from(response);
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

function sizeOf(body: RequestInit["body"]): number {
  if (typeof body === "string") return body.length;
  return body instanceof Blob ? body.size : 0;
}

/** The CSRF token of Django, which its admin has left in a cookie; null where nobody has been to the admin yet. */
export function csrfToken(): string | null {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? null;
}

function csrfHeader(): Record<string, string> {
  const token = csrfToken();
  return token === null ? {} : { "X-CSRFToken": token };
}

function whatIsSent({ token, withCookies = false, inCookie = false, ...sent }: RequestOptions): RequestInit {
  return {
    headers: {
      Accept: "application/json",
      ...typeOf(sent),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(withCookies && csrfHeader()),
      ...(inCookie && { "X-Refresh-Cookie": "yes" }),
    },
    ...bodyOf(sent),
    // Elsewhere the token alone authenticates, not the cookie of the admin.
    credentials: withCookies ? "same-origin" : "omit",
  };
}

type Sent = Pick<RequestOptions, "body" | "file">;

function typeOf({ body, file }: Sent): Record<string, string> {
  if (file) return { "Content-Type": "application/octet-stream" };
  return body === undefined ? {} : { "Content-Type": "application/json" };
}

function bodyOf({ body, file }: Sent): Pick<RequestInit, "body"> {
  if (file) return { body: file };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

function noAnswer(timeout: AbortSignal): ApiError {
  return timeout.aborted ? ApiError.timedOut() : ApiError.unreachable();
}
