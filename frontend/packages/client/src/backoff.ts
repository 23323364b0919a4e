/** Exponential backoff before the next attempt to connect (docs/protocol.md). */

const CEILINGS_SECONDS = [1, 2, 4, 8, 16];
/** So many failures in a row make the longest of these; after more, an attempt follows every RETRY_SECONDS. */
export const LONGEST_BACKOFF = CEILINGS_SECONDS.length;
const RETRY_SECONDS = 30;

/** Seconds to wait after so many failures in a row (1, 2, …). `random` returns [0, 1); the jitter keeps clients from reconnecting all at once. */
export function backoffSeconds(failures: number, random: () => number): number {
  const ceiling = CEILINGS_SECONDS[failures - 1];
  return ceiling === undefined ? RETRY_SECONDS : ceiling * (0.5 + random() / 2);
}
