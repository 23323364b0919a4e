/** Finds the title, scenes and characters of a screenplay while it is typed: a rough parser for the preview. Pure. */

export interface ScreenplayOutline {
  title: string;
  scenes: string[];
  /** The characters who speak, with the number of their speeches, most first. */
  characters: { name: string; lines: number }[];
}

const HEADING = /^(?:\.(?!\.)|(?:INT|EXT|EST|INT\.?\/EXT|I\/E)[. ])/i;
const TRANSITION = /(?:TO:|FADE (?:IN|OUT)\.?|^>.*)$/;
const NAME = /^@?\p{Lu}[\p{Lu}\d .'’-]*$/u;

export function readScreenplay(text: string): ScreenplayOutline {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const spoken = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    if (isCue(line, lines[index - 1] ?? "", lines[index + 1] ?? "")) {
      const name = cueName(line);
      spoken.set(name, (spoken.get(name) ?? 0) + 1);
    }
  }
  const characters = [...spoken].map(([name, count]) => ({ name, lines: count }));
  return {
    title: titleOf(lines),
    scenes: lines.filter((line) => HEADING.test(line)).map((line) => line.replace(/^\./, "")),
    characters: characters.toSorted((a, b) => b.lines - a.lines),
  };
}

/** False for binary files such as pictures and PDFs, by their share of control characters. */
export function looksLikeText(text: string): boolean {
  const strange = text.match(/[\u0000-\u0008\u000e-\u001f\ufffd]/g)?.length ?? 0; // oxlint-disable-line no-control-regex
  return strange <= text.length / 200 && !text.includes("\u0000");
}

/** A character cue: a name in capitals after an empty line, with text below it. */
function isCue(line: string, before: string, after: string): boolean {
  if (before !== "" || after === "" || HEADING.test(line) || TRANSITION.test(line)) return false;
  const name = cueName(line);
  return NAME.test(line.startsWith("@") ? name.toUpperCase() : name) && name.length <= 40;
}

function cueName(line: string): string {
  return line
    .replace(/^@/, "")
    .replace(/\s*\^$/, "")
    .replaceAll(/\s*\([^)]*\)/g, "")
    .trim();
}

function titleOf(lines: string[]): string {
  const line = lines.slice(0, 20).find((text) => /^title:/i.test(text)) ?? "";
  return line.slice(6).replaceAll(/[_*]/g, "").trim();
}
