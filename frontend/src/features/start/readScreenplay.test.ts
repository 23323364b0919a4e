import { expect, it } from "vitest";

import { SCREENPLAY } from "./examples";
import { looksLikeText, readScreenplay } from "./readScreenplay";

it("finds the title, the scenes and who speaks how often", () => {
  expect(readScreenplay(SCREENPLAY)).toEqual({
    title: "The Ferry at Dawn",
    scenes: ["EXT. FERRY LANDING - DAWN", "INT. FERRY WHEELHOUSE - DAY"],
    characters: [
      { name: "LEO", lines: 4 },
      { name: "ADA", lines: 4 },
    ],
  });
});

it("takes no transition, heading or shouted action for a speaker", () => {
  const text = "INT. CAVE - NIGHT\n\nCUT TO:\n\nA BANG.\n\nFADE OUT.\n\n.MONTAGE\n\nHe runs.";
  const { scenes, characters } = readScreenplay(text);
  expect(scenes).toEqual(["INT. CAVE - NIGHT", "MONTAGE"]);
  expect(characters).toEqual([]);
});

it("reads names of any alphabet, extensions and Fountain's own marks", () => {
  const text = "\nЖЕНЯ\nДа.\n\nÉLODIE (V.O.)\nOui.\n\n@McAvoy\nAye.\n\nBRICK ^\nNo.\n";
  expect(readScreenplay(text).characters.map((character) => character.name)).toEqual([
    "ЖЕНЯ",
    "ÉLODIE",
    "McAvoy",
    "BRICK",
  ]);
});

it("copes with no text at all, and with the line ends of Windows", () => {
  expect(readScreenplay("")).toEqual({ title: "", scenes: [], characters: [] });
  expect(readScreenplay("INT. A - DAY\r\n\r\nBO\r\nHi.\r\n").characters).toEqual([{ name: "BO", lines: 1 }]);
});

it("tells text from noise", () => {
  expect(looksLikeText(SCREENPLAY)).toBe(true);
  expect(looksLikeText("A page\fand a tab\t")).toBe(true);
  expect(looksLikeText("PK\u0003\u0004\u0000")).toBe(false);
  expect(looksLikeText("\ufffd".repeat(40))).toBe(false);
});
