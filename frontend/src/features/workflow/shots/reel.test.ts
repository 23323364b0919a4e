import { expect, it } from "vitest";

import { BOARDS, aWorkflow } from "@/testing/filmSamples";
import { scenesOf } from "../shots";
import { nextClip, reelOf, waitWords } from "./reel";

const reel = reelOf(scenesOf(aWorkflow(), BOARDS).flatMap(({ shots }) => shots));

it("keeps the places of the clips that are to come", () => {
  expect(reel.map(({ id, clip }) => [id, clip !== undefined])).toEqual([
    ["1.1", true],
    ["1.2", false],
    ["1.3", false],
    ["2.1", false],
    ["2.2", false],
  ]);
});

it("begins with the first clip that is there, and finds none after the last", () => {
  expect(nextClip(reel, -1)).toBe(0);
  expect(nextClip(reel, 0)).toBe(-1);
});

it("says what it waits for, in words", () => {
  expect(waitWords(reel, 2, true)).toBe("Waiting for shot 1.3: drawing, try 2");
  expect(waitWords(reel, 5, false)).toBe("That is all there is so far: more shots are being planned.");
  expect(waitWords(reel, 5, true)).toBe("That was the last shot.");
});
