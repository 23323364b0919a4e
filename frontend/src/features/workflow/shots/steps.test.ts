import { expect, it } from "vitest";

import { BOARDS, aFailedWorkflow, aTask, aWorkflow } from "@/testing/filmSamples";
import { scenesOf } from "../shots";
import { counts, filtered, looksTheSame, stepsOf, stepWords } from "./steps";

it("names the steps of a shot in the order in which they are done, with what each is at", () => {
  const tasks = [
    aTask("clip/1.1", "pending", { skill: "make_clip" }),
    aTask("frames/1.1", "running", { skill: "select_frames" }),
    aTask("candidates/1.1", "completed"),
    aTask("references/1.1", "failed", { skill: "select_references" }),
  ];
  expect(stepsOf({ tasks }).map(stepWords)).toEqual([
    "References: failed",
    "Takes: done",
    "Choice: under way",
    "Clip: to come",
  ]);
});

it("calls a step that it does not know by its own name", () => {
  const tasks = [aTask("colour_grade/1.1", "pending", { skill: "grade" })];
  expect(stepsOf({ tasks }).map(stepWords)).toEqual(["Colour grade: to come"]);
});

it("counts the shots that failed, run and are to come, and leaves out scenes without one", () => {
  const scenes = scenesOf(aFailedWorkflow(), BOARDS);
  expect(counts(scenes)).toEqual({ all: 5, failed: 2, running: 0, "to come": 2 });
  const failed = filtered(scenes, "failed");
  expect(failed.map(({ number, shots }) => [number, ...shots.map(({ id }) => id)])).toEqual([
    [1, "1.3"],
    [2, "2.1"],
  ]);
  expect(filtered(scenes, "running")).toEqual([]);
});

it("draws a tile anew only when something of its own shot has changed", () => {
  const workflow = aWorkflow();
  const before = scenesOf(workflow, BOARDS).flatMap(({ shots }) => shots);
  const stages = workflow.stages.map((stage) => ({
    ...stage,
    tasks: stage.tasks.map((task) => (task.key === "candidates/1.3" ? { ...task, progress: 0.7 } : task)),
  }));
  const after = scenesOf({ ...workflow, stages }, BOARDS).flatMap(({ shots }) => shots);
  const changed = after.filter((shot, index) => {
    const earlier = before[index];
    return !earlier || !looksTheSame(earlier, shot);
  });
  expect(changed.map(({ id }) => id)).toEqual(["1.3"]);
});
