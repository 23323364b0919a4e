import { useState } from "react";

/** Of a figure since the page was opened, at most so many. */
const VALUES_KEPT = 60;

/** The values that a figure has had, each change once, oldest first; undefined ones are left out. */
export function useTrend(value: number | undefined): readonly number[] {
  const [values, setValues] = useState<readonly number[]>([]);
  if (value !== undefined && values.at(-1) !== value) setValues([...values, value].slice(-VALUES_KEPT));
  return values;
}
