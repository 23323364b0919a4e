/** What a close code asks of us: the table of docs/protocol.md. */

import { CloseCode, type ErrorMessage } from "./messages.gen";

export interface Reaction {
  /** `never`: only a new sign-in helps. `now` holds for the first time in a row; a second failure backs off. */
  reconnect: "never" | "now" | "now_with_jitter" | "after_backoff";
  needsNewToken?: true;
  /** HTTP must stand in at once: what is wrong does not pass by itself. */
  needsPolling?: true;
  /** Sooner is in vain, says the server. */
  leastSeconds?: number;
  /** For people, when it does not pass by itself. */
  problem?: string;
}

const REACTIONS: Record<CloseCode, Reaction> = {
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

/** Any other code (1006: the connection broke, or never came to be) backs off. `farewell`: the last error before it. */
export function reactionTo(code: number, farewell: ErrorMessage | null): Reaction {
  if (code === CloseCode.RATE_ABUSE && farewell?.error_type === "ConnectionLimitExceeded") {
    return tooManyConnections(farewell);
  }
  return (REACTIONS as Partial<Record<number, Reaction>>)[code] ?? { reconnect: "after_backoff" };
}

function tooManyConnections({ retry_after }: ErrorMessage): Reaction {
  const problem = "Too many tabs are connected with your account. Close some of them.";
  return { reconnect: "after_backoff", needsPolling: true, leastSeconds: retry_after ?? 0, problem };
}
