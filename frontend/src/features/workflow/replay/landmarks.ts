/** The events that people look for in a log. Pure. */
import type { EventMessage } from "@callboard/client";
import type { Tone } from "@callboard/react";

export interface Landmark {
  seq: number;
  tone: Tone;
}

const MOST = 300;

const TONES: Partial<Record<EventMessage["kind"], Tone>> = {
  workflow_started: "accent",
  workflow_paused: "wait",
  workflow_resumed: "accent",
  workflow_cancelled: "mute",
  workflow_completed: "ok",
  workflow_failed: "bad",
  stage_started: "accent",
  task_failed: "bad",
  task_retrying: "wait",
  task_stalled: "bad",
  input_required: "wait",
};

/** Where stages began, what went wrong, where it paused and how it ended: at most MOST, the first ones of a long row left out. */
export function landmarksOf(events: readonly EventMessage[]): Landmark[] {
  const all = events.flatMap(({ seq, kind }) => {
    const tone = TONES[kind];
    return tone ? [{ seq, tone }] : [];
  });
  const every = Math.ceil(all.length / MOST);
  return all.filter((_, index) => (all.length - 1 - index) % Math.max(1, every) === 0);
}
