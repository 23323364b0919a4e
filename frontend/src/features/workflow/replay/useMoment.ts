import { useCallback, useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";

import { seqOf, withMoment } from "./moment";

/** A slider that moves changes the address only when it rests: browsers allow few changes a second. */
const REST_MS = 400;

export interface Moment {
  /** The last event that is shown, 0 … `last`. */
  seq: number;
  /** How often it was changed by hand, or by a link. */
  jumps: number;
  /** Changes it by hand. */
  jump: (seq: number) => void;
  /** Lets it go on. */
  advance: (seq: number) => void;
}

/** The moment that is shown: `?at=` in the address, in both directions. */
export function useMoment(last: number): Moment {
  const [parameters, setParameters] = useSearchParams();
  const asked = seqOf(parameters.get("at"), last);
  const [{ seq, jumps }, set] = useState({ seq: asked, jumps: 0 });
  const written = useRef(asked);

  const jump = useCallback(
    (next: number) => set((moment) => ({ seq: Math.min(Math.max(0, next), last), jumps: moment.jumps + 1 })),
    [last],
  );
  const advance = useCallback((next: number) => set((moment) => ({ ...moment, seq: next })), []);

  useEffect(() => {
    if (asked === written.current) return;
    written.current = asked;
    jump(asked);
  }, [asked, jump]);

  useEffect(() => {
    if (seq === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = seq;
      // Of the address itself: what was rendered last may be the view before, while the next one is still loading.
      const present = new URLSearchParams(window.location.search);
      setParameters(withMoment(present, seq), { replace: true, preventScrollReset: true });
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [seq, setParameters]);

  return { seq, jumps, jump, advance };
}
