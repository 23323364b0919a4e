/** One HTTP request with JSON in and out, a time-out, and every failure as an ApiError. */

import { ApiError } from "./ApiError";

export interface RequestOptions {
  body?: unknown;
  token?: string;
  signal?: AbortSignal;
  timeoutSeconds?: number;
}

const TIMEOUT_SECONDS = 15;

/** Resolves with the answer's JSON (undefined for an empty one). Rejects with ApiError; with AbortError when `signal` aborted it. */
export async function request<Answer>(
  method: "GET" | "POST",
  path: string,
  { body, token, signal, timeoutSeconds = TIMEOUT_SECONDS }: RequestOptions = {},
): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const response = await fetch(path, {
    method,
    headers: headersFor(body, token),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: "omit", // the token alone authenticates, not the cookie of the admin
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((reason: unknown) => {
    throw signal?.aborted ? reason : noAnswer(timeout);
  });
  if (!response.ok) throw await ApiError.from(response);
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

function headersFor(body: unknown, token: string | undefined): Record<string, string> {
  return {
    Accept: "application/json",
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  };
}

function noAnswer(timeout: AbortSignal): ApiError {
  return timeout.aborted ? ApiError.timedOut() : ApiError.unreachable();
}
