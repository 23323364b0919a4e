import { expect, it } from "vitest";

import { BOARDS } from "@/testing/filmSamples";
import type { StoryboardShot } from "../shots";
import { paragraphsOf, scenesOfScript } from "./screenplay";

const SCRIPT = `Title: Mara and Tomas
Author: Somebody

INT. LIGHTHOUSE - NIGHT

The storm shakes the shutters, and the keeper MARA finds a letter in a bottle.

TOMAS
(quietly)
What have you
got there?

MARA
I don't know yet.

CUT TO:

EXT. SHORE - DAY

Nobody is there.
`;

const [scene, shore] = scenesOfScript(SCRIPT);
const [sample] = BOARDS[0]?.shots ?? [];
const shot = (more: Partial<StoryboardShot>) => ({ ...sample, ...more }) as StoryboardShot;

it("reads scenes, actions, dialogue and transitions, and leaves the title page out", () => {
  expect(scene?.heading).toBe("INT. LIGHTHOUSE - NIGHT");
  expect(scene?.paragraphs).toEqual([
    {
      kind: "action",
      text: "The storm shakes the shutters, and the keeper MARA finds a letter in a bottle.",
    },
    { kind: "dialogue", character: "TOMAS", parenthetical: "(quietly)", text: "What have you got there?" },
    { kind: "dialogue", character: "MARA", text: "I don't know yet." },
    { kind: "transition", text: "CUT TO:" },
  ]);
  expect(shore).toEqual({
    number: 2,
    heading: "EXT. SHORE - DAY",
    paragraphs: [{ kind: "action", text: "Nobody is there." }],
  });
});

it("finds the lines of a shot", () => {
  const dialogue = [{ character: "TOMAS", text: "What have you got there?" }];
  expect(scene && paragraphsOf(shot({ dialogue }), scene)).toEqual([1]);
});

it("finds the action of a silent shot by its caption, which may be shortened", () => {
  const silent = shot({
    dialogue: [],
    description: "",
    caption: "The storm shakes the shutters, and the keeper…",
  });
  expect(scene && paragraphsOf(silent, scene)).toEqual([0]);
});

it("claims no paragraph for a shot that has none", () => {
  const none = shot({ dialogue: [], description: "A gull passes over the roof.", caption: "" });
  expect(scene && paragraphsOf(none, scene)).toEqual([]);
});

it("reads half a screenplay as it is written", () => {
  expect(scenesOfScript("")).toEqual([]);
  expect(scenesOfScript("INT. KITCHEN - DAY").map(({ heading }) => heading)).toEqual(["INT. KITCHEN - DAY"]);
});

it("reads the largest screenplay in linear time", () => {
  const hostile = [
    "A".repeat(200_000),
    "MARA (".repeat(30_000),
    "(\n".repeat(90_000),
    `${" ".repeat(100_000)}\n\n${"\n \t".repeat(30_000)}`,
  ];
  for (const text of hostile) expect(scenesOfScript(`INT. HALL - DAY\n\n${text}`)).toHaveLength(1);
});
