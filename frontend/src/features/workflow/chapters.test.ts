import { expect, it } from "vitest";

import { BOARDS, aFinishedWorkflow } from "@/testing/filmSamples";
import { chapterAt, chaptersOf, sceneWords } from "./chapters";
import { scenesOf } from "./shots";

const VTT = `WEBVTT

1
00:00:00.000 --> 00:00:03.250
Title

2
00:00:03.250 --> 00:00:08.000
Shot 1.1

3
00:00:08.000 --> 01:00:12.500
Shot 2.1

4
01:00:12.500 --> 01:00:16.000
The End
`;
const chapters = chaptersOf(VTT);

it("reads the chapters as the editor writes them", () => {
  expect(chapters).toEqual([
    { start: 0, end: 3.25, title: "Title", shot: "" },
    { start: 3.25, end: 8, title: "Shot 1.1", shot: "1.1" },
    { start: 8, end: 3612.5, title: "Shot 2.1", shot: "2.1" },
    { start: 3612.5, end: 3616, title: "The End", shot: "" },
  ]);
  expect(chaptersOf("")).toEqual([]);
});

it("knows which one a moment belongs to", () => {
  expect([0, 3.2, 3.25, 7.9, 8, 9999].map((time) => chapterAt(chapters, time))).toEqual([0, 0, 1, 1, 2, 3]);
});

it("names each scene once, where it begins", () => {
  const scenes = scenesOf(aFinishedWorkflow(), BOARDS);
  expect(chapters.map((_, index) => sceneWords(chapters, index, scenes))).toEqual([
    "",
    "Scene 1 · INT. LIGHTHOUSE KITCHEN - NIGHT",
    "Scene 2 · EXT. LIGHTHOUSE - NIGHT",
    "",
  ]);
});
