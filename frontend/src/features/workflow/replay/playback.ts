/** How the events of a log follow each other when it is played. Pure. */
import type { EventMessage } from "@callboard/client";

/** A longer gap, in which nothing happened (a pause, a night), is played as if it were so long. */
const LONGEST_GAP_MS = 3000;

/** For each event, after how many ms of the playback it comes; [0] is the beginning. */
export function playbackTimes(events: readonly EventMessage[]): number[] {
  const times = [0];
  let before = events[0] ? Date.parse(events[0].timestamp) : 0;
  for (const { timestamp } of events) {
    const moment = Date.parse(timestamp);
    times.push((times.at(-1) ?? 0) + Math.min(Math.max(0, moment - before), LONGEST_GAP_MS));
    before = moment;
  }
  return times;
}

/** The last event that has come after so many ms of the playback. `times` never go back. */
export function seqAt(times: readonly number[], ms: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((times[middle] ?? 0) <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}
