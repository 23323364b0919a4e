import { createContext, use } from "react";

import { useNow as useWallClock } from "@callboard/react";

/** In a replay: the moment that is shown, in ms since 1970; null: now. */
export const MomentContext = createContext<number | null>(null);

/** Whether a moment of the past is shown, in which nothing can be changed. */
export function useIsReplay(): boolean {
  return use(MomentContext) !== null;
}

/** The current time in ms since 1970, renewed every `everyMs` while `isTicking`; in a replay that of the moment that is shown. */
export function useNow(everyMs: number, isTicking = true): number {
  const moment = use(MomentContext);
  const now = useWallClock(everyMs, isTicking && moment === null);
  return moment ?? now;
}
