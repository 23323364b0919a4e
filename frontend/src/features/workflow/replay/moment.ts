/** The moment that an address names: `?at=` has the seq of the last event that is shown. Pure. */

/** From the text of the address, 0 … `last`; without one, the last. */
export function seqOf(text: string | null, last: number): number {
  const seq = Number(text || Number.NaN);
  return Number.isInteger(seq) && seq >= 0 ? Math.min(seq, last) : last;
}

/** The search of an address with another moment; null: without one, that of the present. */
export function withMoment(parameters: URLSearchParams, seq: number | null): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  if (seq === null) changed.delete("at");
  else changed.set("at", String(seq));
  return changed;
}
