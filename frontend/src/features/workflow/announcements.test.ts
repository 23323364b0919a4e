import { expect, it } from "vitest";

import { anEvent } from "@/testing/filmSamples";
import { announcementsOf, quarterPassed } from "./announcements";

const REFUSED = { type: "AgentError", message: "The model did not answer.", retryable: true } as const;
const EVENTS = [
  anEvent(1, "stage_started", { stage: "Plan" }),
  anEvent(2, "task_started", { task: "plan", agent: "planner", attempt: 1, started_at: "" }),
  anEvent(3, "stage_started", { stage: "Frames" }),
  anEvent(4, "task_retrying", { task: "candidates/1.2", reason: "error", delay_seconds: 0, error: REFUSED }),
  anEvent(5, "task_retrying", { task: "clip/1.2", reason: "paused", delay_seconds: 0, error: null }),
  anEvent(6, "task_failed", { task: "portraits/1", attempt: 3, finished_at: "", error: REFUSED }),
];

it("tells stages, retries and failures after what was told before, and nothing smaller", () => {
  expect(announcementsOf(EVENTS, 1, new Map([["portraits/1", "MARA"]]))).toEqual([
    "Frames began",
    "Takes of shot 1.2: tried again: The model did not answer.",
    "Portraits of MARA failed: The model did not answer.",
  ]);
});

it("tells nothing twice", () => {
  expect(announcementsOf(EVENTS, 6, new Map())).toEqual([]);
});

it.each([
  [0.1, 0.2, ""],
  [0.24, 0.25, "A quarter is done"],
  [0.25, 0.26, ""],
  [0.1, 0.55, "Half is done"],
  [0.7, 0.8, "Three quarters are done"],
  [0.9, 1, ""],
])("from %f to %f: %s", (before, after, words) => {
  expect(quarterPassed(before, after)).toBe(words);
});
