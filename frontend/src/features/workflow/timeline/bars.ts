/** What is drawn of a row of attempts: those that are in sight; where many lie on the same pixels, one bar for all. Pure. */
import { OUTCOMES, type Attempt, type Outcome } from "./attempts";
import type { TimeScale } from "./timeScale";

const LEAST_WIDTH = 3;

export type Look = Outcome | "stalled";

export interface Bar {
  x: number;
  width: number;
  look: Look;
  /** One, or several that are too close together to be told apart. */
  attempts: Attempt[];
}

/** What a person has to see first. */
const WORST: readonly Look[] = [
  "failed",
  "lost",
  "stalled",
  "retried",
  "asked",
  "running",
  "paused",
  "cancelled",
  "completed",
];

/** The bars of a row between `left` and `right`. */
export function barsOf(
  row: readonly Attempt[],
  scale: TimeScale,
  now: number,
  left: number,
  right: number,
): Bar[] {
  const bars: Bar[] = [];
  for (let index = firstInSight(row, scale, now, left); index < row.length; index += 1) {
    const attempt = row[index] as Attempt;
    const x = scale.x(attempt.start);
    if (x > right) break;
    const width = Math.max(LEAST_WIDTH, scale.x(attempt.end ?? now) - x - 1);
    const last = bars.at(-1);
    if (last && x < last.x + last.width) merge(last, attempt, x + width);
    else bars.push({ x, width, look: lookOf(attempt), attempts: [attempt] });
  }
  return bars;
}

function merge(bar: Bar, attempt: Attempt, right: number): void {
  bar.attempts.push(attempt);
  bar.width = Math.max(bar.width, right - bar.x);
  const other = lookOf(attempt);
  bar.look = WORST.find((look) => look === bar.look || look === other) ?? bar.look;
}

/** Attempts of a row do not overlap, so both their ends are in order. */
function firstInSight(row: readonly Attempt[], scale: TimeScale, now: number, left: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (scale.x(row[middle]?.end ?? now) < left) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function lookOf({ outcome, stalls }: Attempt): Look {
  return outcome === "running" && stalls.at(-1)?.to === null ? "stalled" : outcome;
}

/** "3 attempts: 2 completed, 1 failed". */
export function countsOf(attempts: readonly Attempt[]): string {
  const counts = new Map<Look, number>();
  for (const attempt of attempts) counts.set(lookOf(attempt), (counts.get(lookOf(attempt)) ?? 0) + 1);
  const parts = [...counts].map(([look, count]) => `${count} ${OUTCOMES[look]}`);
  return `${attempts.length} attempts: ${parts.join(", ")}`;
}
