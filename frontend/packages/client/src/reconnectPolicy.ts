/** When and how to reconnect after a close code: the table in docs/protocol.md. */

import { CloseCode, type ErrorMessage } from "./messages.gen";

export interface ReconnectPolicy {
  /** `never`: only a new sign-in or a reload helps. `now` counts for the first failure in a row; the next ones back off. */
  reconnect: "never" | "now" | "now_with_jitter" | "after_backoff";
  needsNewToken?: true;
  /** Poll over HTTP at once, and retry seldom: waiting alone does not end the cause. */
  needsPolling?: true;
  /** The server's `retry_after`: do not reconnect sooner. */
  minimumSeconds?: number;
  /** What a person must do about it, as a sentence to show. */
  problem?: string;
}

const POLICIES: Record<CloseCode, ReconnectPolicy> = {
  [CloseCode.TOKEN_INVALID]: { reconnect: "now", needsNewToken: true },
  [CloseCode.FORBIDDEN]: { reconnect: "never", problem: "This account may not connect from here." },
  [CloseCode.UNSUPPORTED_PROTOCOL]: {
    reconnect: "never",
    problem: "This page is out of date. Reload it.",
  },
  [CloseCode.TOO_SLOW]: { reconnect: "after_backoff" },
  [CloseCode.NOT_AUTHENTICATED]: { reconnect: "after_backoff" },
  [CloseCode.RATE_ABUSE]: { reconnect: "after_backoff" },
  [CloseCode.HEARTBEAT_LOST]: { reconnect: "now" },
  [CloseCode.SHUTTING_DOWN]: { reconnect: "now_with_jitter" },
  [CloseCode.TOKEN_EXPIRED]: { reconnect: "now", needsNewToken: true },
  [CloseCode.TOO_BIG]: { reconnect: "after_backoff" },
};

/**
 * `lastError`: the error message that came before the close, if any.
 *
 * Codes that are not in the table (1006: the connection broke, or was never opened) back off.
 */
export function reconnectPolicy(code: number, lastError: ErrorMessage | null): ReconnectPolicy {
  if (code === CloseCode.RATE_ABUSE && lastError?.error_type === "ConnectionLimitExceeded") {
    return tooManyConnections(lastError);
  }
  return (POLICIES as Partial<Record<number, ReconnectPolicy>>)[code] ?? { reconnect: "after_backoff" };
}

function tooManyConnections({ retry_after }: ErrorMessage): ReconnectPolicy {
  const problem = "Too many tabs are connected with your account. Close some of them.";
  return { reconnect: "after_backoff", needsPolling: true, minimumSeconds: retry_after ?? 0, problem };
}
