/** The tasks of each step, as the graph shows them. Pure. */
import type { StepBody, TaskBody, TaskState } from "@callboard/client";
import { stepOf } from "./steps";

/** With more tasks than these a group shows only how many there are of each state. */
const DOTS_AT_MOST = 240;
const DOT = 12;
const HEAD_HEIGHT = 60;
const ROW_GAP = 3;
const BESIDE_DOTS = 60; // the number of the scene, and the box's padding

export interface Group {
  name: string;
  tasks: readonly TaskBody[];
  counts: Partial<Record<TaskState, number>>;
  /** Of a fan-out that is not too large: its tasks in rows, by scene. */
  rows: { label: string; tasks: readonly TaskBody[] }[];
  height: number;
}

/** One for each step, in the order of the steps. */
export function groupsOf(steps: readonly StepBody[], tasks: readonly TaskBody[], boxWidth: number): Group[] {
  const byStep = new Map<string, TaskBody[]>();
  for (const task of tasks) {
    const known = byStep.get(stepOf(task.key));
    if (known) known.push(task);
    else byStep.set(stepOf(task.key), [task]);
  }
  const dotsInARow = Math.max(1, Math.floor((boxWidth - BESIDE_DOTS) / DOT));
  return steps.map((step) => groupOf(step, byStep.get(step.name) ?? [], dotsInARow));
}

function groupOf(step: StepBody, tasks: readonly TaskBody[], dotsInARow: number): Group {
  const counts: Group["counts"] = {};
  for (const { state } of tasks) counts[state] = (counts[state] ?? 0) + 1;
  const rows = step.each === null || tasks.length > DOTS_AT_MOST ? [] : rowsOf(tasks);
  const lines = rows.reduce((sum, row) => sum + Math.ceil(row.tasks.length / dotsInARow), 0);
  return {
    name: step.name,
    tasks,
    counts,
    rows,
    height: HEAD_HEIGHT + lines * (DOT + ROW_GAP) + (lines ? 8 : 0),
  };
}

/** By the first number of the key where it has two: the shots of a scene. */
function rowsOf(tasks: readonly TaskBody[]): Group["rows"] {
  const rows = new Map<string, TaskBody[]>();
  for (const task of tasks) {
    const path = task.key.split("/")[1]?.split(".") ?? [];
    const label = path.length > 1 ? (path[0] ?? "") : "";
    const row = rows.get(label);
    if (row) row.push(task);
    else rows.set(label, [task]);
  }
  return [...rows].map(([label, row]) => ({ label, tasks: row }));
}

/** The state of a group as a whole. */
export function stateOf({ tasks, counts }: Group): TaskState {
  if (counts.failed) return "failed";
  if (counts.input_required) return "input_required";
  if (counts.running) return "running";
  if (tasks.length > 0 && counts.completed === tasks.length) return "completed";
  return counts.cancelled ? "cancelled" : "pending";
}
