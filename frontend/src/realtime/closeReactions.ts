/** What a close code asks of us: the table of PROTOCOL.md. */

import { CloseCode } from "./messages.gen";

export interface Reaction {
  /** `never`: only a new sign-in helps. `now` holds for the first time in a row; a second failure backs off. */
  reconnect: "never" | "now" | "now_with_jitter" | "after_backoff";
  needsNewToken?: true;
  /** For people, when we do not come back by ourselves. */
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

/** Any other code (1006: the connection broke, or never came to be) backs off. */
export function reactionTo(code: number): Reaction {
  return (REACTIONS as Partial<Record<number, Reaction>>)[code] ?? { reconnect: "after_backoff" };
}
