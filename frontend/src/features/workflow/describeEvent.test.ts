import { expect, it } from "vitest";

import type { EventKind, EventPayloads } from "@callboard/client";
import { describeEvent } from "./describeEvent";
import { aTask, anArtifact, anEvent } from "@/testing/filmSamples";

const error = { type: "AgentError", message: "The disk is full.", retryable: false } as const;
const task = "candidates/1.3";
const spent = {
  calls: 2,
  prompt_tokens: 0,
  completion_tokens: 0,
  pictures: 0,
  video_seconds: 0,
  speech_characters: 0,
  cost: 0.08,
  currency: "USD",
  unpriced_calls: 0,
};
const at = "2026-03-01T10:00:00Z";

const SENTENCES: { [Kind in EventKind]: [EventPayloads[Kind], string] } = {
  workflow_started: [{ started_at: at }, "The workflow started"],
  workflow_pausing: [{ mode: "drain", in_flight: [task] }, "Pausing: waiting for takes of shot 1.3"],
  workflow_titled: [{ title: "The Lamp" }, "It is called “The Lamp”"],
  workflow_paused: [{}, "Paused: no task is running"],
  workflow_resumed: [{}, "Resumed"],
  workflow_cancelling: [{ in_flight: [] }, "Cancelling: running tasks are being stopped"],
  workflow_cancelled: [{ finished_at: at }, "Cancelled"],
  workflow_completed: [{ finished_at: at }, "Finished: everything is ready"],
  workflow_failed: [{ finished_at: at, error }, "Failed: The disk is full."],
  stage_started: [{ stage: "Frames" }, "Frames began"],
  stage_finished: [{ stage: "Frames", state: "completed" }, "Frames is done"],
  plan_grew: [
    { tasks: [{ stage: "Clips", position: 0, task: aTask("clip/1.1", "pending") }] },
    "The plan grew by 1 task (Clips)",
  ],
  task_started: [
    { task, agent: "camera_image_generator", attempt: 2, started_at: at },
    "Camera image generator is at work on takes of shot 1.3, try 2",
  ],
  task_finished: [
    { task, agent: "a", attempt: 1, finished_at: at, seconds: 2.04, message: "Two takes." },
    "Two takes (2.0 s)",
  ],
  task_failed: [{ task, attempt: 1, finished_at: at, error }, "Takes of shot 1.3 failed: The disk is full."],
  task_retrying: [
    { task, reason: "lost", delay_seconds: 0, error: null },
    "Takes of shot 1.3: tried again because its worker was lost",
  ],
  task_stalled: [
    { task: "frames/1.3", agent: "camera", attempt: 1, silent_since: "2026-01-01T00:00:00.000Z" },
    "Choice of take for shot 1.3 has stalled: no sign of life from camera",
  ],
  task_resumed: [{ task: "frames/1.3", agent: "camera", attempt: 1 }, "Choice of take for shot 1.3 goes on"],
  input_required: [
    { task: "frames/1.3", agent: "camera", attempt: 1, question: "Which one?", until: at },
    "Camera asks: Which one?",
  ],
  input_given: [
    { task: "frames/1.3", question: "Which one?", answer: "The left", by: "alice" },
    "Alice answered about choice of take for shot 1.3: The left",
  ],
  artifact_ready: [
    { artifact: anArtifact("frames/1.3", "frame.png", "frame") },
    "New frame: frame.png (choice of take for shot 1.3)",
  ],
  usage_recorded: [
    {
      task,
      attempt: 1,
      model: "painter",
      usage: { ...spent, pictures: 2 },
      total: { ...spent, budget: null },
    },
    "Takes of shot 1.3: painter answered (2 pictures, about $0.08 so far)",
  ],
  control_requested: [
    { request_id: "r", action: "pause", mode: "now", task: "", by: "alice", why: "" },
    "Alice requested: pause now",
  ],
  control_resolved: [
    { request_id: "r", action: "pause", outcome: "applied", state: "paused", by: "alice", reason: "" },
    "Pause by alice took effect",
  ],
  workflow_rerun: [
    { rerun: { workflow_id: "w2", task: "candidates/1.3", changes: ["caption"] }, by: "alice" },
    "Alice made a new workflow of it, anew from takes of shot 1.3",
  ],
};

it.each(Object.entries(SENTENCES))("%s has its sentence", (kind, [data, words]) => {
  expect(describeEvent(anEvent(1, kind as EventKind, data as never)).text).toBe(words);
});

it("says when a try follows, and after what", () => {
  const retry = {
    task,
    reason: "error",
    delay_seconds: 2,
    error: { ...error, message: "No answer" },
  } as const;
  expect(describeEvent(anEvent(1, "task_retrying", retry)).text).toBe(
    "Takes of shot 1.3: tried again in 2.0 s: No answer",
  );
});

it("gives no figure for work that took no time, and names people", () => {
  const done = { agent: "a", attempt: 1, finished_at: at, seconds: 0.02 };
  const chosen = { task: "references/1.1", message: "Shot 1.1 needs no portrait", ...done };
  expect(describeEvent(anEvent(1, "task_finished", chosen)).text).toBe("Shot 1.1 needs no portrait");
  const drawn = { task: "portraits/1", message: "", ...done };
  const names = new Map([["portraits/1", "MARA"]]);
  expect(describeEvent(anEvent(1, "task_finished", drawn), names).text).toBe("Done: portraits of MARA");
});

it("says of a refused control why", () => {
  const data = {
    request_id: "r",
    action: "retry",
    outcome: "failed",
    state: "failed",
    by: "bob",
    reason: "The task is gone.",
  } as const;
  const { text, tone } = describeEvent(anEvent(1, "control_resolved", data));
  expect(text).toBe("Retry by bob failed: The task is gone.");
  expect(tone).toBe("bad");
});

it("shows a kind that it does not know yet by its name", () => {
  expect(describeEvent(anEvent(1, "camera_dropped" as "workflow_paused", {})).text).toBe("Camera dropped");
});
