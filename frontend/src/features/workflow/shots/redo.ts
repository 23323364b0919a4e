/** What a shot is redone with, and what follows from it. Pure. */
import { capitalize, type RerunBody, type WorkflowState } from "@callboard/client";
import type { ShotView, StoryboardShot } from "../shots";

/** What a person may change of a shot. */
export type ShotFields = Pick<
  StoryboardShot,
  "description" | "caption" | "first_frame" | "last_frame" | "size" | "angle" | "move" | "seconds"
>;
export interface RedoFields extends ShotFields {
  /** "": that of the film. */
  style: string;
}

export const SIZES = ["extreme_wide", "wide", "full", "medium", "close_up", "extreme_close_up"];
export const ANGLES = ["eye_level", "high", "low", "overhead", "dutch", "over_the_shoulder"];
export const MOVES = ["hold", "pan_left", "pan_right", "tilt_up", "tilt_down", "push_in", "pull_out"];

/** Of these the frames know nothing: only the clip and the film follow. */
const ONLY_IN_THE_CLIP = new Set<keyof RedoFields>(["caption", "seconds", "move"]);

export function fieldsOf(board: StoryboardShot): RedoFields {
  const { description, caption, first_frame, last_frame, size, angle, move, seconds } = board;
  return { description, caption, first_frame, last_frame, size, angle, move, seconds, style: "" };
}

export function changedFields(before: RedoFields, after: RedoFields): (keyof RedoFields)[] {
  const names = Object.keys(after) as (keyof RedoFields)[];
  return names.filter((name) => after[name] !== before[name]);
}

/** What to ask the server for. Nothing changed: other takes of the same. */
export function redoOf(shot: ShotView, before: RedoFields, after: RedoFields): RerunBody {
  const changed = changedFields(before, after);
  const ofShot = Object.fromEntries(
    changed.filter((name) => name !== "style").map((name) => [name, after[name]]),
  );
  const changes = {
    ...(Object.keys(ofShot).length > 0 && { shot: ofShot }),
    ...(changed.includes("style") && { style: after.style }),
  };
  return {
    from: `${isOnlyTheClip(changed) ? "clip" : "candidates"}/${shot.id}`,
    ...(changed.length > 0 && { with: changes }),
  };
}

export function takeOf(shot: Pick<ShotView, "id">, frame: string): RerunBody {
  return { from: `frames/${shot.id}`, with: { take: frame } };
}

function isOnlyTheClip(changed: (keyof RedoFields)[]): boolean {
  return changed.length > 0 && changed.every((name) => ONLY_IN_THE_CLIP.has(name));
}

/** "The takes, the choice and the clip of shot 1.2, and the film are made anew; 12 other shots are reused." */
export function consequences(id: string, changed: (keyof RedoFields)[], shots: number): string {
  const spoken = changed.includes("caption") ? ["the speech"] : []; // by the narrator
  const drawn = isOnlyTheClip(changed) ? [] : ["the takes", "the choice"];
  const anew = `${capitalize(listed([...drawn, ...spoken, "the clip"]))} of shot ${id}`;
  const others = shots - 1;
  const reused = others
    ? `Everything else is reused, ${others === 1 ? "the other shot" : `the ${others} other shots`} included.`
    : "Everything else is reused.";
  return `${anew} and the film are made anew, as a new workflow. ${reused}`;
}

/** "the takes, the choice and the clip". */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${last}` : last;
}

/** Why a shot cannot be redone now; null when it can. */
export function whyNotNow(state: WorkflowState): string | null {
  switch (state) {
    case "pending":
    case "running":
    case "cancelling":
      return "It is still at work. A shot can be redone when it has ended, or is paused.";
    case "pausing":
      return "It is being paused: as soon as nothing runs any more, a shot can be redone.";
    default:
      return null;
  }
}
