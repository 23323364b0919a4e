import { useEffect, useState } from "react";

/** `value`, throttled: each text stays for at least `holdMs`. A first text, and null, are shown at once. */
export function useThrottledText(value: string | null, holdMs: number): string | null {
  const [shown, setShown] = useState({ value, since: 0 });
  useEffect(() => {
    if (value === shown.value) return undefined;
    const wait = value === null || shown.value === null ? 0 : shown.since + holdMs - Date.now();
    const timer = setTimeout(() => setShown({ value, since: Date.now() }), Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [value, shown, holdMs]);
  return shown.value;
}
