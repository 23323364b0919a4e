import { expect, it } from "vitest";

import type { TaskBody, TaskState } from "@callboard/client";
import { aTask } from "@/testing/filmSamples";
import { shotStatus } from "./shotStatus";
import type { ShotFacts } from "./shotStatus";

const SKILLS = ["select_references", "shoot_frames", "select_frames", "make_clip"];

/** The four tasks of shot 1.1 in these states. */
function tasksIn(states: TaskState[], more: Partial<TaskBody> = {}): TaskBody[] {
  const last = states.findLastIndex((state) => state !== "pending");
  return states.map((state, index) =>
    aTask(`step${index}/1.1`, state, { skill: SKILLS[index] ?? "", ...(index === last && more) }),
  );
}

const FRAME = { name: "frame.png" };
const TAKES = [{ name: "take-1-first.png" }, { name: "take-1-last.png" }, { name: "take-2-first.png" }];
const REFUSED = { type: "AgentError", message: "The image model did not answer.", retryable: false } as const;

const CASES: [string, ShotFacts, string, string][] = [
  [
    "nothing has begun",
    { tasks: tasksIn(["pending", "pending", "pending", "pending"]) },
    "waiting",
    "Waiting",
  ],
  [
    "portraits are chosen",
    { tasks: tasksIn(["running", "pending", "pending", "pending"]) },
    "moving",
    "Choosing portraits",
  ],
  [
    "only its portraits were chosen",
    { tasks: tasksIn(["completed", "pending", "pending", "pending"]) },
    "waiting",
    "Waiting to be drawn",
  ],
  [
    "the first take is drawn",
    { tasks: tasksIn(["completed", "running", "pending", "pending"]), takes: TAKES.slice(0, 1) },
    "moving",
    "Drawing take 1",
  ],
  [
    "the second take is drawn",
    { tasks: tasksIn(["completed", "running", "pending", "pending"]), takes: TAKES, frame: FRAME },
    "moving",
    "Drawing take 2",
  ],
  [
    "it is drawn again after a failure",
    { tasks: tasksIn(["completed", "running", "pending", "pending"], { attempt: 2 }), takes: TAKES },
    "moving",
    "Drawing, try 2",
  ],
  [
    "a try will follow",
    { tasks: [aTask("candidates/1.1", "pending", { attempt: 1 })] },
    "waiting",
    "Drawing: try 2 follows",
  ],
  [
    "a take is chosen",
    { tasks: tasksIn(["completed", "completed", "running", "pending"]), takes: TAKES, frame: FRAME },
    "moving",
    "Choosing a take",
  ],
  [
    "its frame is there, and no clip",
    { tasks: tasksIn(["completed", "completed", "completed", "pending"]), frame: FRAME },
    "drawn",
    "Waiting for its clip",
  ],
  [
    "it is filmed",
    { tasks: tasksIn(["completed", "completed", "completed", "running"]), frame: FRAME },
    "moving",
    "Making the clip",
  ],
  [
    "all is there",
    { tasks: tasksIn(["completed", "completed", "completed", "completed"]), frame: FRAME, clip: {} },
    "done",
    "Ready",
  ],
  [
    "it failed",
    { tasks: tasksIn(["completed", "failed", "pending", "pending"], { error: REFUSED }) },
    "failed",
    "Failed: The image model did not answer.",
  ],
  [
    "it was cancelled",
    { tasks: tasksIn(["completed", "cancelled", "cancelled", "cancelled"]) },
    "cancelled",
    "Cancelled",
  ],
  [
    "somebody has to answer",
    { tasks: tasksIn(["completed", "input_required", "pending", "pending"]) },
    "asking",
    "Needs your answer",
  ],
  ["its storyboard alone is there", { tasks: [] }, "waiting", "Waiting"],
];

it.each(CASES)("when %s", (_when, shot, phase, text) => {
  expect(shotStatus(shot)).toMatchObject({ phase, text });
});

it("says how far the running step is, and nothing when none runs", () => {
  const tasks = tasksIn(["completed", "running", "pending", "pending"], { progress: 0.4 });
  expect(shotStatus({ tasks }).progress).toBe(0.4);
  expect(shotStatus({ tasks: tasks.slice(0, 1) }).progress).toBeNull();
});

it("does not call a shot ready because its first step is done", () => {
  const tasks = tasksIn(["completed", "pending", "pending", "pending"]).toReversed();
  expect(shotStatus({ tasks })).toMatchObject({ phase: "waiting", text: "Waiting to be drawn" });
});
