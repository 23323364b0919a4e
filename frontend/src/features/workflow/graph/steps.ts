/** What waits for what: between steps, and between single tasks. Pure. */
import type { StepBody, TaskBody } from "@callboard/client";

/** "clip" for the key "clip/2.3". */
export function stepOf(key: string): string {
  return key.split("/", 1)[0] ?? key;
}

function pathOf(key: string): string[] {
  return key.split("/")[1]?.split(".") ?? [];
}

/** The steps that a step waits for, each once. */
export function sourcesOf({ after, after_all, each }: StepBody): string[] {
  return [...new Set([...(each === null ? [] : [each]), ...after, ...after_all])];
}

/** Pairs of steps of which the second waits for the first; without those that follow from others. */
export function edgesOf(steps: readonly StepBody[]): [from: string, to: string][] {
  const sources = new Map(steps.map((step) => [step.name, sourcesOf(step)]));
  const reached = new Map<string, Set<string>>();
  const upstream = (name: string): Set<string> => {
    const known = reached.get(name);
    if (known) return known;
    const all = new Set<string>();
    reached.set(name, all);
    for (const source of sources.get(name) ?? [])
      [source, ...upstream(source)].forEach((each) => all.add(each));
    return all;
  };
  return steps.flatMap(({ name }) => {
    const direct = sources.get(name) ?? [];
    const needed = direct.filter(
      (source) => !direct.some((other) => other !== source && upstream(other).has(source)),
    );
    return needed.map((source): [string, string] => [source, name]);
  });
}

/** In how many fan-outs a step is. */
function depthOf(name: string, byName: ReadonlyMap<string, StepBody>): number {
  const each = byName.get(name)?.each ?? null;
  return each === null ? 0 : 1 + depthOf(each, byName);
}

export interface Neighbours {
  /** Keys of tasks. */
  tasks: string[];
  /** Steps of which all tasks count. */
  steps: string[];
}

/** What the task with this key waits for. */
export function waitsFor(key: string, steps: readonly StepBody[]): Neighbours {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const step = byName.get(stepOf(key));
  if (!step) return { tasks: [], steps: [] };
  const single = [...new Set([...(step.each === null ? [] : [step.each]), ...step.after])];
  const path = pathOf(key);
  const tasks = single.map((name) =>
    [name, path.slice(0, depthOf(name, byName)).join(".")].filter(Boolean).join("/"),
  );
  return { tasks, steps: step.after_all };
}

/** What waits for the task with this key, among `tasks`. */
export function neededBy(key: string, steps: readonly StepBody[], tasks: readonly TaskBody[]): Neighbours {
  const name = stepOf(key);
  const direct = new Set(
    steps.filter((step) => step.each === name || step.after.includes(name)).map((step) => step.name),
  );
  const waiting = tasks.filter(
    (task) => direct.has(stepOf(task.key)) && waitsFor(task.key, steps).tasks.includes(key),
  );
  return {
    tasks: waiting.map((task) => task.key),
    steps: steps.filter(({ after_all }) => after_all.includes(name)).map((step) => step.name),
  };
}
