/** What a screen reader is told of a workflow while it is watched: each thing once, and none of the small ones. Pure. */
import type { EventMessage, ItemNames } from "@callboard/client";
import { percent } from "@callboard/react";
import { describeEvent } from "./describeEvent";

const TOLD = new Set<EventMessage["kind"]>([
  "workflow_titled",
  "workflow_paused",
  "workflow_resumed",
  "workflow_cancelled",
  "workflow_completed",
  "workflow_failed",
  "stage_started",
  "task_failed",
  "task_retrying",
  "task_stalled",
  "input_required",
]);

/** The sentences for events after `seq`. A retry that a person or a pause has caused is no news. */
export function announcementsOf(events: readonly EventMessage[], seq: number, names: ItemNames): string[] {
  return events
    .filter((event) => event.seq > seq && TOLD.has(event.kind))
    .filter((event) => event.kind !== "task_retrying" || event.data.error)
    .map((event) => describeEvent(event, names).text);
}

/** "Half done" when a quarter was passed between two fractions; "" otherwise. */
export function quarterPassed(before: number, after: number): string {
  const [was, is] = [Math.floor(percent(before) / 25), Math.floor(percent(after) / 25)];
  return is > was && is < 4
    ? (["", "A quarter is done", "Half is done", "Three quarters are done"][is] ?? "")
    : "";
}
