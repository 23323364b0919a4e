/** A screenplay (Fountain, as the crew writes it) as scenes and paragraphs, and where in it a shot is. Pure. */
import type { StoryboardShot } from "../shots";

export interface Paragraph {
  kind: "action" | "dialogue" | "transition";
  text: string;
  character?: string;
  parenthetical?: string;
}
export interface ScriptScene {
  number: number;
  heading: string;
  paragraphs: Paragraph[];
}

const HEADING = /^(?:\.(?!\.)|(?:INT|EXT|EST|I\/E)[. /])/i;
const CUE = /^@?\p{Lu}[\p{Lu}\p{N} .'’-]{0,40}(?:\s*\([^)]*\))?\s*\^?$/u;
const TRANSITION = /^>|TO:$|^FADE (?:IN|OUT)/;

export function scenesOfScript(text: string): ScriptScene[] {
  const scenes: ScriptScene[] = [];
  for (const block of blocksOf(text)) {
    const [first = "", ...rest] = block;
    if (HEADING.test(first)) {
      scenes.push({ number: scenes.length + 1, heading: first.replace(/^\./, ""), paragraphs: [] });
      if (rest.length) scenes.at(-1)?.paragraphs.push(paragraphOf(rest));
    } else {
      scenes.at(-1)?.paragraphs.push(paragraphOf(block)); // what comes before the first scene is the title page
    }
  }
  return scenes;
}

/** Lines without a blank one between them. */
function blocksOf(text: string): string[][] {
  return text
    .split(/\r?\n[ \t]*(?:\r?\n)+/)
    .map((block) => block.split(/\r?\n/).map((line) => line.trim()))
    .map((lines) => lines.filter(Boolean))
    .filter((lines) => lines.length > 0);
}

function paragraphOf([first = "", ...rest]: string[]): Paragraph {
  if (!rest.length || !CUE.test(first)) {
    const text = [first, ...rest].join(" ");
    return { kind: TRANSITION.test(text) ? "transition" : "action", text: text.replace(/^[>!]\s*/, "") };
  }
  const aside = /^\(.*\)$/.test(rest[0] ?? "") ? rest[0] : undefined;
  return {
    kind: "dialogue",
    character: first.replace(/^@/, ""),
    text: rest.slice(aside ? 1 : 0).join(" "),
    ...(aside && { parenthetical: aside }),
  };
}

/** The paragraphs of its scene that a shot shows: its lines, or else the action that its caption is taken from. */
export function paragraphsOf(shot: StoryboardShot, scene: ScriptScene): number[] {
  const lines = shot.dialogue.map(({ text }) => normal(text)).filter(Boolean);
  const captions = [shot.caption, shot.description].map(opening).filter((text) => text.length >= LEAST);
  return scene.paragraphs.flatMap((paragraph, index) => {
    const text = normal(paragraph.text);
    const isShown =
      paragraph.kind === "dialogue"
        ? lines.some((line) => text.includes(line) || line.includes(text))
        : !lines.length && captions.some((caption) => text.includes(caption));
    return isShown ? [index] : [];
  });
}

const LEAST = 12; // characters of an opening that say which paragraph it is

/** Enough of it to find it again: captions are shortened at the end. */
function opening(text: string): string {
  return normal(text)
    .slice(0, 40)
    .replace(/\s\S*$/, "");
}

function normal(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
