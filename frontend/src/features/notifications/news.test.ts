import { expect, it } from "vitest";

import type { WorkflowRow } from "@callboard/client";
import { rowOf, workflow } from "@/testing/samples";
import { newsOf } from "./news";

const RUNNING = rowOf(workflow());

function texts(after: Partial<WorkflowRow>, before: Partial<WorkflowRow> = {}): string[] {
  const rows = { w1: { ...RUNNING, ...before } };
  return newsOf(rows, { w1: { ...RUNNING, ...after } }, "alice").map(({ text }) => text);
}

it.each([
  [{ state: "completed" } as const, "The film is ready."],
  [{ state: "failed", message: "No ink." } as const, "It has failed. No ink."],
  [{ is_asking: true }, "An agent has asked you something, and waits for your answer."],
])("tells of %o", (after, text) => {
  expect(texts(after)).toEqual([text]);
});

it("is silent about everything else, and says nothing twice", () => {
  expect(texts({ progress: 0.5 })).toEqual([]);
  expect(texts({ state: "paused" })).toEqual([]);
  expect(texts({ state: "cancelled" })).toEqual([]);
  expect(texts({ state: "completed", seq: 12 }, { state: "completed" })).toEqual([]);
  expect(texts({ is_asking: true, seq: 12 }, { is_asking: true })).toEqual([]);
});

it("is silent about what was not known before, and about the workflows of others", () => {
  const done = { ...RUNNING, state: "completed" } as const;
  expect(newsOf({}, { w1: done }, "alice")).toEqual([]);
  expect(newsOf({ w1: RUNNING }, { w1: done }, "bob")).toEqual([]);
});
