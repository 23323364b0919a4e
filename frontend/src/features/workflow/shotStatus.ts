/** What a shot is at, in words for its tile: an empty frame says what it waits for, and a failed one why. Pure. */
import type { ArtifactBody, TaskBody } from "@callboard/client";
import type { Tone } from "@callboard/react";

/** What of a shot decides its status; a `ShotView` is one. */
export interface ShotFacts {
  /** All tasks of the shot, in any order. */
  tasks: readonly TaskBody[];
  /** The takes drawn so far, first and last frames: artifacts named "take-2-first.png". */
  takes?: readonly Pick<ArtifactBody, "name">[];
  /** The frame that was chosen, or the newest take. */
  frame?: unknown;
  clip?: unknown;
}

export type ShotPhase = "waiting" | "moving" | "asking" | "failed" | "drawn" | "done" | "cancelled";

export interface ShotStatus {
  phase: ShotPhase;
  /** "Waiting", "Drawing take 2", "Failed: the image model did not answer." */
  text: string;
  tone: Tone;
  /** How far the running step is, 0.0-1.0; null: nothing runs. */
  progress: number | null;
}

/** The steps of a shot in the order of the film, with what is being done. */
const DOING = new Map([
  ["select_references", "Choosing portraits"],
  ["shoot_frames", "Drawing"],
  ["select_frames", "Choosing a take"],
  ["speak", "Speaking"],
  ["make_clip", "Making the clip"],
]);
const WAITING_FOR = new Map([
  ["select_references", "Waiting"],
  ["shoot_frames", "Waiting to be drawn"],
  ["select_frames", "Waiting for a choice of take"],
  ["speak", "Waiting for its speech"],
  ["make_clip", "Waiting for its clip"],
]);

export function shotStatus(shot: ShotFacts): ShotStatus {
  const tasks = shot.tasks.toSorted((a, b) => rankOf(a) - rankOf(b));
  return stuck(tasks) ?? moving(tasks, shot) ?? still(tasks, shot);
}

function stuck(tasks: readonly TaskBody[]): ShotStatus | null {
  const failed = tasks.find(({ state }) => state === "failed");
  if (failed) return status("failed", `Failed${because(failed)}`, "bad");
  const asks = tasks.some(({ state }) => state === "input_required");
  return asks ? status("asking", "Needs your answer", "wait") : null;
}

function moving(tasks: readonly TaskBody[], shot: ShotFacts): ShotStatus | null {
  const running = tasks.findLast(({ state }) => state === "running");
  return running ? status("moving", doing(running, shot), "accent", running.progress) : null;
}

function still(tasks: readonly TaskBody[], shot: ShotFacts): ShotStatus {
  if (shot.clip) return status("done", "Ready", "ok");
  if (tasks.some(({ state }) => state === "cancelled")) return status("cancelled", "Cancelled", "mute");
  const next = tasks.find(({ state }) => state === "pending");
  if (next?.attempt) return status("waiting", `${workOf(next)}: try ${next.attempt + 1} follows`, "wait");
  const words = WAITING_FOR.get(next?.skill ?? (shot.frame ? "make_clip" : ""));
  return status(shot.frame ? "drawn" : "waiting", words ?? "Waiting", "mute");
}

function status(phase: ShotPhase, text: string, tone: Tone, progress: number | null = null): ShotStatus {
  return { phase, text, tone, progress };
}

function doing(task: TaskBody, shot: ShotFacts): string {
  const isTaking = task.skill === "shoot_frames";
  // Of a second try the takes of the first one are still there: they do not tell how far it is.
  if (isTaking && task.attempt <= 1) return `Drawing take ${takeUnderWay(shot)}`;
  return task.attempt > 1 ? `${workOf(task)}, try ${task.attempt}` : workOf(task);
}

function workOf(task: TaskBody): string {
  return DOING.get(task.skill) ?? "Under way";
}

/** A take is drawn when its last frame is there. */
function takeUnderWay({ takes = [] }: ShotFacts): number {
  return 1 + takes.filter(({ name }) => /^take-\d+-last\./.test(name)).length;
}

function because(failed: TaskBody): string {
  return failed.error ? `: ${failed.error.message}` : "";
}

function rankOf({ skill }: TaskBody): number {
  const rank = [...DOING.keys()].indexOf(skill);
  return rank === -1 ? DOING.size : rank;
}
