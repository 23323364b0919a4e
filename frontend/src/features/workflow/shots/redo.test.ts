import { expect, it } from "vitest";

import type { WorkflowState } from "@callboard/client";
import { BOARDS, aWorkflow } from "@/testing/filmSamples";
import { scenesOf } from "../shots";
import { changedFields, consequences, fieldsOf, redoOf, takeOf, whyNotNow } from "./redo";

const [shot] = scenesOf(aWorkflow(), BOARDS)[0]?.shots ?? [];
if (!shot?.board) throw new Error("The sample has no shot.");
const before = fieldsOf(shot.board);

it("asks for what was changed, and nothing else", () => {
  const after = { ...before, description: "Mara sings.", style: "charcoal" };
  expect(redoOf(shot, before, after)).toEqual({
    from: "candidates/1.1",
    with: { shot: { description: "Mara sings." }, style: "charcoal" },
  });
});

it("keeps the frames when only the clip knows of the change", () => {
  const after = { ...before, caption: "Too late.", seconds: 6 };
  expect(redoOf(shot, before, after)).toEqual({
    from: "clip/1.1",
    with: { shot: { caption: "Too late.", seconds: 6 } },
  });
  expect(consequences("1.1", changedFields(before, after), 5)).toBe(
    "The speech and the clip of shot 1.1 and the film are made anew, as a new workflow. Everything else is reused, the 4 other shots included.",
  );
});

it("takes an unchanged shot again from its takes on", () => {
  expect(redoOf(shot, before, before)).toEqual({ from: "candidates/1.1" });
  expect(consequences("1.1", [], 1)).toBe(
    "The takes, the choice and the clip of shot 1.1 and the film are made anew, as a new workflow. Everything else is reused.",
  );
});

it("uses a take from the choice on", () => {
  expect(takeOf(shot, "f2")).toEqual({ from: "frames/1.1", with: { take: "f2" } });
});

it.each<[WorkflowState, boolean]>([
  ["pending", false],
  ["running", false],
  ["pausing", false],
  ["cancelling", false],
  ["paused", true],
  ["failed", true],
  ["cancelled", true],
  ["completed", true],
])("says when a shot cannot be redone: %s", (state, isPossible) => {
  expect(whyNotNow(state) === null).toBe(isPossible);
});
