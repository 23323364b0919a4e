import { describe, expect, it } from "vitest";

import type { StepBody } from "@callboard/client";
import { aTask } from "@/testing/filmSamples";
import { groupsOf, stateOf } from "./groups";
import { layoutOf } from "./layout";
import { edgesOf, neededBy, waitsFor } from "./steps";

function step(name: string, change: Partial<StepBody> = {}): StepBody {
  return { name, stage: "S", skill: name, after: [], after_all: [], each: null, ...change };
}

const STEPS = [
  step("plan"),
  step("screenplay", { after: ["plan"] }),
  step("storyboard", { after: ["plan"], each: "screenplay" }),
  step("portraits", { each: "screenplay" }),
  step("frames", { after: ["plan"], after_all: ["portraits"], each: "storyboard" }),
  step("clip", { after: ["frames", "plan"], each: "storyboard" }),
  step("edit", { after: ["plan"], after_all: ["clip"] }),
];

describe("what waits for what", () => {
  it("is drawn without what follows from the rest", () => {
    expect(edgesOf(STEPS)).toEqual([
      ["plan", "screenplay"],
      ["screenplay", "storyboard"],
      ["screenplay", "portraits"],
      ["storyboard", "frames"],
      ["portraits", "frames"],
      ["frames", "clip"],
      ["clip", "edit"],
    ]);
  });

  it("is known of each task: the same item, an outer one, or all", () => {
    expect(waitsFor("clip/2.3", STEPS)).toEqual({ tasks: ["storyboard/2", "frames/2.3", "plan"], steps: [] });
    expect(waitsFor("frames/2.3", STEPS)).toEqual({ tasks: ["storyboard/2", "plan"], steps: ["portraits"] });
    const tasks = ["storyboard/1", "storyboard/2", "frames/2.1", "frames/2.3", "clip/2.3", "clip/1.3"].map(
      (key) => aTask(key, "pending"),
    );
    expect(neededBy("frames/2.3", STEPS, tasks)).toEqual({ tasks: ["clip/2.3"], steps: [] });
    expect(neededBy("storyboard/2", STEPS, tasks).tasks).toEqual(["frames/2.1", "frames/2.3", "clip/2.3"]);
    expect(neededBy("clip/2.3", STEPS, tasks).steps).toEqual(["edit"]);
  });
});

describe("the layout", () => {
  const far = [...STEPS.map(({ name }) => name), "check"];
  const edges = [...edgesOf(STEPS), ["plan", "check"], ["clip", "check"]] as const;
  const { boxes, lines, height } = layoutOf(far, edges, 300, () => 60);

  it("has each step below all that it waits for, and none over another", () => {
    const box = new Map(boxes.map((each) => [each.name, each]));
    edges.forEach(([from, to]) => expect((box.get(from)?.y ?? 0) + 60).toBeLessThan(box.get(to)?.y ?? 0));
    for (const one of boxes) {
      for (const other of boxes.filter(({ name }) => name !== one.name)) {
        const isApart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        expect(isApart, `${one.name} and ${other.name}`).toBe(true);
      }
    }
    expect(height).toBeGreaterThan(0);
  });

  it("leads a line past the steps between its ends, not through them", () => {
    const line = lines.find(({ from, to }) => from === "plan" && to === "check");
    const between = boxes.filter(({ name }) => !["plan", "check"].includes(name));
    expect(line?.points.length).toBeGreaterThan(2);
    for (const { x, y } of line?.points ?? []) {
      const hit = between.find(
        (box) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height,
      );
      expect(hit).toBeUndefined();
    }
  });
});

describe("the tasks of a step", () => {
  const tasks = ["clip/1.1", "clip/1.2", "clip/2.1"].map((key, index) =>
    aTask(key, index ? "pending" : "completed"),
  );

  it("are in rows by scene", () => {
    const clip = groupsOf(STEPS, tasks, 300).find(({ name }) => name === "clip");
    expect(clip?.rows.map(({ label, tasks: row }) => [label, row.length])).toEqual([
      ["1", 2],
      ["2", 1],
    ]);
    expect(clip?.counts).toEqual({ completed: 1, pending: 2 });
  });

  it("are only counted when there are thousands", () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      aTask(`clip/1.${index + 1}`, index === 7 ? "failed" : "completed"),
    );
    const clip = groupsOf(STEPS, many, 300).find(({ name }) => name === "clip");
    expect(clip?.rows).toEqual([]);
    expect(clip?.height).toBeLessThan(100);
    expect(clip && stateOf(clip)).toBe("failed");
  });
});
