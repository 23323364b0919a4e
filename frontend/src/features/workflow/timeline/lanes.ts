/** Attempts in lanes: one for each agent, with as many rows as it did things at once. Pure. */
import type { Attempt } from "./attempts";

export interface Lane {
  agent: string;
  /** Of each row the attempts, in order; they do not overlap. */
  rows: Attempt[][];
}

/** The lanes, in the order in which the agents began. */
export function lanesOf(attempts: readonly Attempt[]): Lane[] {
  const lanes = new Map<string, Attempt[][]>();
  for (const attempt of attempts) {
    const rows = lanes.get(attempt.agent) ?? [];
    lanes.set(attempt.agent, rows);
    const free = rows.find((row) => (row.at(-1)?.end ?? Infinity) <= attempt.start);
    if (free) free.push(attempt);
    else rows.push([attempt]);
  }
  return [...lanes].map(([agent, rows]) => ({ agent, rows }));
}
