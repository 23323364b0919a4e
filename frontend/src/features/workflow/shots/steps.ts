/** What a shot goes through, and how far it is; the filter of the board. Pure. */
import { capitalize, humanize, type TaskBody as Task, type TaskState } from "@callboard/client";
import type { SceneView, ShotView } from "../shots";
import { shotStatus, type ShotPhase } from "../shotStatus";

export interface Step {
  key: string;
  label: string;
  state: TaskState;
}

const LABELS = new Map([
  ["select_references", "References"],
  ["shoot_frames", "Takes"],
  ["select_frames", "Choice"],
  ["speak", "Speech"],
  ["make_clip", "Clip"],
]);
const WORDS: Record<string, string> = {
  pending: "to come",
  running: "under way",
  completed: "done",
  failed: "failed",
  cancelled: "cancelled",
  input_required: "needs your answer",
};

/** The shot's tasks in the order in which they are done. */
export function stepsOf({ tasks }: Pick<ShotView, "tasks">): Step[] {
  return tasks
    .map((task) => ({ key: task.key, label: labelOf(task), state: task.state, rank: rankOf(task) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ key, label, state }) => ({ key, label, state }));
}

function labelOf({ skill, key }: Task): string {
  return LABELS.get(skill) ?? capitalize(humanize(key.split("/")[0] ?? ""));
}

function rankOf({ skill }: Task): number {
  const rank = [...LABELS.keys()].indexOf(skill);
  return rank === -1 ? LABELS.size : rank;
}

/** "Takes: under way". */
export function stepWords({ label, state }: Step): string {
  return `${label}: ${WORDS[state] ?? state}`;
}

export const FILTERS = ["all", "failed", "running", "to come"] as const;
export type Filter = (typeof FILTERS)[number];

const PHASES: Record<Exclude<Filter, "all">, readonly ShotPhase[]> = {
  failed: ["failed", "asking"],
  running: ["moving"],
  "to come": ["waiting", "drawn"],
};

function fits(shot: ShotView, filter: Filter): boolean {
  return filter === "all" || PHASES[filter].includes(shotStatus(shot).phase);
}

/** The scenes with the shots that fit; those without one are left out. */
export function filtered(scenes: readonly SceneView[], filter: Filter): SceneView[] {
  return scenes
    .map((scene) => ({ ...scene, shots: scene.shots.filter((shot) => fits(shot, filter)) }))
    .filter(({ shots }) => shots.length > 0);
}

export function counts(scenes: readonly SceneView[]): Record<Filter, number> {
  const found = { all: 0, failed: 0, running: 0, "to come": 0 };
  for (const shot of scenes.flatMap(({ shots }) => shots)) {
    const { phase } = shotStatus(shot);
    found.all += 1;
    for (const filter of ["failed", "running", "to come"] as const) {
      if (PHASES[filter].includes(phase)) found[filter] += 1;
    }
  }
  return found;
}

/** Whether a tile of it would look the same: `scenesOf` makes new objects of what may be unchanged. */
export function looksTheSame(a: ShotView, b: ShotView): boolean {
  const [before, after] = [looksOf(a), looksOf(b)];
  return before.length === after.length && before.every((part, index) => part === after[index]);
}

function looksOf({ id, board, frame, clip, speech, choice, takes, tasks }: ShotView): unknown[] {
  return [id, board, frame?.id, clip?.id, speech?.id, choice?.id, takes.length, ...tasks];
}
