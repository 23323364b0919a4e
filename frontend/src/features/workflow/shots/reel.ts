/** The clips of a film that is being made, in its order, with the places of those that are to come. Pure. */
import type { ArtifactBody as Artifact } from "@callboard/client";
import type { ShotView } from "../shots";
import { shotStatus } from "../shotStatus";

export interface ReelShot {
  id: string;
  /** None: it is to come; `status` says what it waits for. */
  clip: Artifact | undefined;
  frame: Artifact | undefined;
  status: string;
}

export function reelOf(shots: readonly ShotView[]): ReelShot[] {
  return shots.map((shot) => ({
    id: shot.id,
    clip: shot.clip,
    frame: shot.frame,
    status: shotStatus(shot).text,
  }));
}

/** The place of the next clip that is there, after `at`; -1: none. */
export function nextClip(reel: readonly ReelShot[], at: number): number {
  return reel.findIndex(({ clip }, index) => index > at && clip !== undefined);
}

/** "Waiting for shot 1.3: drawing take 2"; at the end "That is all there is so far." */
export function waitWords(reel: readonly ReelShot[], at: number, isComplete: boolean): string {
  const shot = reel[at];
  if (shot)
    return `Waiting for shot ${shot.id}: ${shot.status.charAt(0).toLowerCase()}${shot.status.slice(1)}`;
  return isComplete
    ? "That was the last shot."
    : "That is all there is so far: more shots are being planned.";
}
