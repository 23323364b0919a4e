/** Where a moment is drawn. A time in which nothing ran is folded: it takes the same little place however long it was. Pure. */
import type { Attempt } from "./attempts";

/** A shorter idle time is drawn as it is. */
const FOLDED_FROM_MS = 4000;
export const FOLD_WIDTH = 22;

export interface Fold {
  x: number;
  from: number;
  to: number;
}

export interface TimeScale {
  /** Of all of it, in pixels. */
  width: number;
  folds: Fold[];
  /** From a moment, in ms since 1970. */
  x: (moment: number) => number;
  /** Moments that are written below, in order. */
  ticks: { x: number; moment: number }[];
}

interface Stretch {
  from: number;
  to: number;
  /** Of its beginning, in ms of work and in folds before it. */
  worked: number;
  folds: number;
}

/** `pxPerMs`: how large it is drawn; null: so that it fits into `width`. */
export function timeScale(
  attempts: readonly Attempt[],
  now: number,
  width: number,
  pxPerMs: number | null,
): TimeScale {
  const stretches = stretchesOf(attempts, now);
  const worked = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  const foldsWidth = Math.max(0, stretches.length - 1) * FOLD_WIDTH;
  const scale = pxPerMs ?? Math.max(1, width - foldsWidth) / Math.max(1, worked);
  const start = (stretch: Stretch) => stretch.worked * scale + stretch.folds * FOLD_WIDTH;
  const x = (moment: number) => {
    const stretch = stretches[indexAt(stretches, moment)];
    if (!stretch) return 0;
    return start(stretch) + (Math.min(Math.max(moment, stretch.from), stretch.to) - stretch.from) * scale;
  };
  const folds = stretches.slice(1).map((stretch, index) => ({
    x: start(stretch) - FOLD_WIDTH,
    from: stretches[index]?.to ?? 0,
    to: stretch.from,
  }));
  return { width: worked * scale + foldsWidth, folds, x, ticks: ticksOf(stretches, scale, x) };
}

/** The times in which something ran, with idle times between them that are long enough to be folded. */
function stretchesOf(attempts: readonly Attempt[], now: number): Stretch[] {
  const stretches: Stretch[] = [];
  let last: Stretch | undefined;
  for (const { start, end } of attempts) {
    const to = end ?? Math.max(now, start);
    if (last && start - last.to < FOLDED_FROM_MS) {
      last.to = Math.max(last.to, to);
    } else {
      const worked = last ? last.worked + last.to - last.from : 0;
      last = { from: start, to, worked, folds: stretches.length };
      stretches.push(last);
    }
  }
  return stretches;
}

function indexAt(stretches: readonly Stretch[], moment: number): number {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((stretches[middle]?.from ?? Infinity) <= moment) low = middle;
    else high = middle - 1;
  }
  return low;
}

const TICK_PX = 90;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400].map(
  (s) => s * 1000,
);

function ticksOf(
  stretches: readonly Stretch[],
  scale: number,
  x: (moment: number) => number,
): TimeScale["ticks"] {
  const step = STEPS_MS.find((each) => each * scale >= TICK_PX) ?? 86_400_000;
  const ticks: TimeScale["ticks"] = [];
  for (const { from, to } of stretches) {
    for (let moment = Math.ceil(from / step) * step; moment <= to; moment += step) {
      const at = x(moment);
      if (at - (ticks.at(-1)?.x ?? -Infinity) >= TICK_PX * 0.9) ticks.push({ x: at, moment });
    }
  }
  return ticks;
}
