/** Durations as people read them, in seconds. Pure. */

import type { Eta } from "@callboard/client";

const MINUTE = 60;

/** "12 s", "3 min 20 s": how long something took. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / MINUTE)} min ${Math.round(seconds % MINUTE)} s`;
}

/** "about 40 s left", from the pessimistic side: the p90, rounded so that the text does not flicker. */
export function formatEta({ p50, p90 }: Pick<Eta, "p50" | "p90">): string {
  const seconds = Math.max(p50, p90);
  if (seconds <= 5) return "a few seconds left";
  if (seconds <= 90) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  return `about ${Math.ceil(seconds / MINUTE)} min left`;
}
