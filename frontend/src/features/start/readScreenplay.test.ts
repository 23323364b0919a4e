import { expect, it } from "vitest";

import { SCREENPLAY } from "./examples";
import { isFinalDraft, looksLikeText, readScreenplay } from "./readScreenplay";

it("finds the title, the scenes and who speaks how often", () => {
  expect(readScreenplay(SCREENPLAY)).toEqual({
    title: "The Ferry at Dawn",
    scenes: [
      { number: "1", heading: "EXT. FERRY LANDING - DAWN" },
      { number: "2", heading: "INT. FERRY WHEELHOUSE - DAY" },
    ],
    characters: [
      { name: "LEO", lines: 4 },
      { name: "ADA", lines: 4 },
    ],
  });
});

it("takes no transition, heading or shouted action for a speaker", () => {
  const text = "INT. CAVE - NIGHT\n\nCUT TO:\n\nA BANG.\n\nFADE OUT.\n\n.MONTAGE\n\nHe runs.";
  const { scenes, characters } = readScreenplay(text);
  expect(scenes.map(({ heading }) => heading)).toEqual(["INT. CAVE - NIGHT", "MONTAGE"]);
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

it("numbers scenes as the script does, where it does", () => {
  const own =
    "INT. CAVE - NIGHT #12#\n\nDark.\n\n12A EXT. LAKE - DAY 12A\n\nLight.\n\n[Scene 14]\n\nNothing.";
  expect(readScreenplay(own).scenes).toEqual([
    { number: "12", heading: "INT. CAVE - NIGHT" },
    { number: "12A", heading: "EXT. LAKE - DAY" },
    { number: "14", heading: "[Scene 14]" },
  ]);
  expect(readScreenplay("INT. ROOM 101\n\nX.").scenes).toEqual([{ number: "1", heading: "INT. ROOM 101" }]);
});

const FINAL_DRAFT = `<?xml version="1.0" encoding="UTF-8"?>
<FinalDraft DocumentType="Script" Version="5"><Content>
<Paragraph Type="Scene Heading" Number="7"><SceneProperties Title="x"><Summary><Paragraph><Text>No.</Text></Paragraph></Summary></SceneProperties><Text>INT. DOME - </Text><Text Style="Bold">NIGHT</Text></Paragraph>
<Paragraph Type="Action"><Text>Snow.</Text></Paragraph>
<Paragraph><DualDialogue><Paragraph Type="Character"><Text>VERA</Text></Paragraph><Paragraph Type="Dialogue"><Text>Look!</Text></Paragraph>
<Paragraph Type="Character"><Text>McADAM</Text></Paragraph><Paragraph Type="Dialogue"><Text>No!</Text></Paragraph></DualDialogue></Paragraph>
</Content><TitlePage><Content><Paragraph><Text></Text></Paragraph><Paragraph><Text>The Second Moon</Text></Paragraph></Content></TitlePage></FinalDraft>`;

it("finds the same in a Final Draft document", () => {
  expect(isFinalDraft(FINAL_DRAFT)).toBe(true);
  expect(isFinalDraft("INT. DOME - NIGHT\n\n<FinalDraft>")).toBe(false);
  expect(readScreenplay(FINAL_DRAFT)).toEqual({
    title: "The Second Moon",
    scenes: [{ number: "7", heading: "INT. DOME - NIGHT" }],
    characters: [
      { name: "VERA", lines: 1 },
      { name: "McADAM", lines: 1 },
    ],
  });
});
