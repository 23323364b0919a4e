import type { StageBody, TaskBody, WorkflowRow, WorkflowSnapshot } from "../messages.gen";
import { describe, expect, it } from "vitest";

import { aFailedWorkflow, aFinishedWorkflow, aTask, aWorkflow } from "@/testing/filmSamples";
import { besides, isMoving, rowSentence, sentenceOf } from "./sentence";

const NOW = Date.parse("2026-03-01T10:00:00Z");

/** A workflow whose only stage has these tasks. */
function at(tasks: TaskBody[], more: Partial<WorkflowSnapshot> = {}, stage: Partial<StageBody> = {}) {
  const only: StageBody = { name: "Frames", state: "running", progress: 0, tasks, folded: null, ...stage };
  return aWorkflow({ stages: [only], ...more });
}

function some(skill: string, states: Parameters<typeof aTask>[1][]): TaskBody[] {
  return states.map((state, index) => aTask(`${skill}/1.${index + 1}`, state, { skill }));
}

function waiting(text: string, more: Partial<NonNullable<WorkflowSnapshot["waiting_for"]>> = {}) {
  const waiting_for = { kind: "agent", text, until: null, agent: null, task: null, ...more } as const;
  return { waiting_for };
}

const PENDING = some("shoot_frames", ["pending", "pending"]);
const MANY = [
  ...some("shoot_frames", ["completed", "completed", "completed", "running"]),
  ...some(
    "shoot_frames",
    Array.from({ length: 35 }, () => "pending"),
  ),
];

const CASES: [string, WorkflowSnapshot, string][] = [
  ["shots are drawn", at(MANY), "Drawing 4 of 39 shots"],
  ["one shot of one is drawn", at(some("shoot_frames", ["running"])), "Drawing 1 of 1 shots"],
  [
    "more shots may come",
    at([
      ...some("draw_storyboard", ["completed", "pending"]),
      ...some("shoot_frames", ["running", "pending"]),
    ]),
    "Drawing 1 of 2 shots so far",
  ],
  [
    "two steps run at once",
    at([...some("shoot_frames", ["running", "running"]), ...some("select_frames", ["running", "pending"])]),
    "Drawing 2 of 2 shots",
  ],
  [
    "people are drawn",
    at(some("draw_portraits", ["completed", "running", "pending"])),
    "Drawing 2 of 3 characters",
  ],
  ["one person is drawn", at(some("draw_portraits", ["running"])), "Drawing the character"],
  ["the film is cut", at(some("edit_video", ["running"])), "Cutting the film"],
  ["a skill is not ours", at(some("play_voice", ["running", "running", "pending"])), "Play voice: 2 of 3"],
  ["there is one task of a foreign skill", at(some("mix_tune", ["running"])), "Mix tune"],
  [
    "a stage is too large to be shown whole",
    at(
      some("make_clip", ["running"]),
      {},
      { folded: { counts: { completed: 4049, running: 1, pending: 950 }, steps: { clip: "make_clip" } } },
    ),
    "Filming shots: 4,049 of 5,000 tasks done",
  ],
  [
    "an agent is switched off",
    at(PENDING, waiting("Waiting for Camera: switched off by olga")),
    "Waiting for Camera: switched off by olga",
  ],
  [
    "the provider is away",
    at(
      PENDING,
      waiting("The provider is unreachable, third try follows", {
        kind: "provider",
        until: "2026-03-01T10:00:12Z",
      }),
    ),
    "The provider is unreachable, third try in 12 s",
  ],
  [
    "the try is late",
    at(PENDING, waiting("It broke, second try follows", { kind: "retry", until: "2026-03-01T09:59:59Z" })),
    "It broke, second try now",
  ],
  [
    "the try is far",
    at(PENDING, waiting("It broke, second try follows", { kind: "retry", until: "2026-03-01T10:10:00Z" })),
    "It broke, second try in 10 min",
  ],
  [
    "it is queued",
    at(PENDING, {
      state: "pending",
      ...waiting("Third in the queue, starts in about 4 min", { kind: "queue" }),
    }),
    "Third in the queue, starts in about 4 min",
  ],
  [
    "nobody runs work",
    at(PENDING, waiting("Nobody runs work: start a worker", { kind: "runner" })),
    "Nobody runs work: start a worker",
  ],
  [
    "the worker of what seems to run has died",
    at(some("shoot_frames", ["running"]), waiting("Nobody runs work: start a worker", { kind: "runner" })),
    "Nobody runs work: start a worker",
  ],
  ["it has just been created", at(PENDING, { state: "pending" }), "About to start"],
  ["it is between two tasks", at(PENDING), "Getting the next step ready"],
  [
    "it drains",
    { ...aWorkflow(), state: "pausing" },
    "Pausing: waiting for portraits of character 2, takes of shot 1.3",
  ],
  ["it is paused", { ...aWorkflow(), state: "paused" }, "Paused: nothing runs"],
  [
    "it is being cancelled",
    at(some("make_clip", ["running"]), { state: "cancelling" }),
    "Cancelling: stopping make clip 1.1",
  ],
  ["it was cancelled", { ...aWorkflow(), state: "cancelled" }, "Cancelled"],
  ["it failed", aFailedWorkflow(), "Failed: The image model did not answer"],
  ["it is done", aFinishedWorkflow(), "Everything is ready"],
];

it.each(CASES)("when %s", (_when, workflow, sentence) => {
  expect(sentenceOf(workflow, NOW)).toBe(sentence);
});

describe("what does not move while something does", () => {
  const off = waiting("Waiting for Camera: switched off by olga");

  it("is said beside what does", () => {
    const workflow = at(MANY, off);
    expect(sentenceOf(workflow, NOW)).toBe("Drawing 4 of 39 shots");
    expect(besides(workflow, NOW)).toBe("Waiting for Camera: switched off by olga");
  });

  it("is not said twice when nothing runs", () => {
    expect(besides(at(PENDING, off), NOW)).toBeNull();
  });
});

describe("there is a time left to tell", () => {
  it.each<[string, WorkflowSnapshot, boolean]>([
    ["while a task runs", at(MANY), true],
    ["not while none runs", at(PENDING), false],
    ["not when its worker has died", at(MANY, waiting("Nobody", { kind: "runner" })), false],
    ["not when it is paused", at(MANY, { state: "paused" }), false],
  ])("%s", (_when, workflow, moves) => {
    expect(isMoving(workflow)).toBe(moves);
  });
});

describe("a row of a list", () => {
  const row = (more: Partial<WorkflowRow>): WorkflowRow => ({
    ...aWorkflow(),
    poster: null,
    stored_bytes: 0,
    is_asking: false,
    ...more,
  });

  it.each<[string, Partial<WorkflowRow>, string]>([
    ["runs", {}, "42 % · Frames"],
    ["does not move", { eta: null, message: "Under way" }, "42 % · Under way"],
    [
      "waits for its turn",
      { state: "pending", queue: { position: 3, starts_in: { p10: 1, p50: 236, p90: 400 } } },
      "Third in the queue, starts in about 4 min",
    ],
    [
      "is number four",
      { state: "pending", queue: { position: 4, starts_in: null } },
      "Number 4 in the queue",
    ],
    [
      "failed",
      { state: "failed", message: "The image model did not answer." },
      "Failed: The image model did not answer",
    ],
    ["is paused", { state: "paused" }, "Paused at 42 %"],
    ["was cancelled", { state: "cancelled" }, "Cancelled"],
  ])("says how it stands when it %s", (_when, more, sentence) => {
    expect(rowSentence(row(more), 42)).toBe(sentence);
  });
});
