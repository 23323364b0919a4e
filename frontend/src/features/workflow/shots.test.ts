import { expect, it } from "vitest";

import type { StageBody } from "@callboard/client";

import { BOARDS, aTask, aWorkflow, anArtifact } from "@/testing/filmSamples";
import { charactersOf, newestFrame, scenesOf, shotNotes } from "./shots";

it("hangs every planned shot under its scene, in the order of the film", () => {
  const scenes = scenesOf(aWorkflow(), BOARDS);
  expect(scenes.map((scene) => scene.heading)).toEqual([
    "INT. LIGHTHOUSE KITCHEN - NIGHT",
    "EXT. LIGHTHOUSE - NIGHT",
  ]);
  expect(scenes.flatMap((scene) => scene.shots.map((shot) => shot.id))).toEqual([
    "1.1",
    "1.2",
    "1.3",
    "2.1",
    "2.2",
  ]);
});

it("orders shot 10 after shot 9, before the storyboards are there", () => {
  const stages: StageBody[] = [
    {
      name: "Frames",
      state: "running",
      progress: 0,
      tasks: ["1.10", "1.9", "2.1"].map((id) => aTask(`frames/${id}`, "pending")),
      folded: null,
    },
  ];
  const ids = scenesOf(aWorkflow({ stages, artifacts: [] }), []).flatMap((scene) =>
    scene.shots.map((shot) => shot.id),
  );
  expect(ids).toEqual(["1.9", "1.10", "2.1"]);
});

it("shows the chosen frame, and until then the newest candidate", () => {
  const [first, second, third] = scenesOf(aWorkflow(), BOARDS)[0]?.shots ?? [];
  expect(first?.frame?.name).toBe("frame.png");
  expect(second?.frame?.name).toBe("take-1-first.png");
  expect(third?.frame).toBeUndefined();
  expect(first?.clip?.name).toBe("clip.mp4");
});

it("names people by their portraits, which hang front, side, back", () => {
  const [mara, next] = charactersOf(aWorkflow());
  expect(mara?.name).toBe("MARA");
  expect(mara?.portraits.map((portrait) => portrait.name)).toEqual([
    "MARA, front.png",
    "MARA, side.png",
    "MARA, back.png",
  ]);
  expect(next?.name).toBe("Character 2");
});

it("shows a character whose task a large workflow leaves out", () => {
  const artifacts = [anArtifact("portraits/3", "TOMAS, front.png", "character")];
  expect(charactersOf(aWorkflow({ artifacts })).map(({ key }) => key)).toEqual([
    "portraits/1",
    "portraits/2",
    "portraits/3",
  ]);
});

it("has portraits to show before the first frame", () => {
  const artifacts = [anArtifact("portraits/1", "MARA, front.png", "character")];
  expect(newestFrame(aWorkflow({ artifacts }))?.name).toBe("MARA, front.png");
  expect(newestFrame(aWorkflow({ artifacts: [] }))).toBeUndefined();
});

it("says of a shot only what is not ordinary", () => {
  const [wide, close] = BOARDS[0]?.shots ?? [];
  expect(wide && shotNotes(wide)).toBe("Wide · push in · 4 s");
  expect(close && shotNotes(close)).toBe("Close up · 4 s");
});
