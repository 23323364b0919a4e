/** Clocks for components: the present moment, and a value that changes at a calm pace. */
import { useEffect, useState } from "react";

/** The present moment in ms, renewed every `everyMs` while `isTicking`. */
export function useNow(everyMs: number, isTicking = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return undefined;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, isTicking]);
  return now;
}

/** `value`, but shown at least `holdMs` before it changes again; a first value and a loss show at once. */
export function useCalm(value: string | null, holdMs: number): string | null {
  const [shown, setShown] = useState({ value, since: 0 });
  useEffect(() => {
    if (value === shown.value) return undefined;
    const wait = value === null || shown.value === null ? 0 : shown.since + holdMs - Date.now();
    const timer = setTimeout(() => setShown({ value, since: Date.now() }), Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [value, shown, holdMs]);
  return shown.value;
}
