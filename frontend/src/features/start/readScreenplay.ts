/** Finds the title, scenes and characters of a screenplay while it is typed: a rough parser for the preview. Pure. */

export interface ScreenplayOutline {
  title: string;
  scenes: { number: string; heading: string }[];
  /** The characters who speak, with the number of their speeches, most first. */
  characters: { name: string; lines: number }[];
}

const HEADING =
  /^(?:\d+[A-Z]?\.?\s+)?(?:\.(?![.\d])|(?:INT|EXT|EST|INT\.?\/EXT|I\/E)[. ])|^[[(]?scene \d+[A-Z]?\b(?=\s*(?:[:.,;(\]–—-]|$))/i;
const NUMBER = /#([\w-]+)#$|^(\d+[A-Z]?)\.?\s|^[[(]?scene (\d+[A-Z]?)\b/i;
const TRANSITION = /(?:TO:|FADE (?:IN|OUT)\.?|^>.*)$/;
const NAME = /^@?\p{Lu}[\p{Lu}\d .'’-]*$/u;

export function readScreenplay(script: string): ScreenplayOutline {
  const { title, text } = isFinalDraft(script) ? fromFinalDraft(script) : { title: "", text: script };
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
    title: title || titleOf(lines),
    scenes: numbered(lines.filter((line) => HEADING.test(line))),
    characters: characters.toSorted((a, b) => b.lines - a.lines),
  };
}

/** Whether a text is a Final Draft document (.fdx). */
export function isFinalDraft(text: string): boolean {
  return /^\ufeff?\s*</.test(text) && /<FinalDraft[\s>]/.test(text.slice(0, 2000));
}

/** The words of a Final Draft document, as far as the preview needs them: the server reads the document itself. */
function fromFinalDraft(script: string): { title: string; text: string } {
  const page = new DOMParser().parseFromString(script.trim(), "text/xml");
  const paragraphs = [...page.querySelectorAll("FinalDraft > Content Paragraph")].map(paragraph);
  const titles = [...page.querySelectorAll("TitlePage > Content Paragraph")].map((row) =>
    row.textContent.trim(),
  );
  return { title: titles.find(Boolean) ?? "", text: paragraphs.join("") };
}

function paragraph(found: Element): string {
  const text = [...found.children]
    .filter((child) => child.tagName === "Text")
    .map((child) => child.textContent)
    .join("")
    .trim();
  switch (found.getAttribute("Type")) {
    case "Scene Heading":
      return `\n.${text}${numberMark(found.getAttribute("Number"))}\n\n`;
    case "Character":
      return `\n@${text}\n`;
    case "Parenthetical":
    case "Dialogue":
    case "Lyrics":
      return `${text}\n`;
    default:
      return text ? `\n${text}\n` : "";
  }
}

function numberMark(number: string | null): string {
  return number ? ` #${number}#` : "";
}

/** The headings with the numbers by which scenes are chosen: those of the script where it has any. */
function numbered(headings: string[]): ScreenplayOutline["scenes"] {
  const own = headings.map((line) => NUMBER.exec(line)?.slice(1).find(Boolean));
  const isNumbered = own.some(Boolean);
  return headings.map((line, index) => ({
    number: isNumbered ? (own[index] ?? "") : String(index + 1),
    heading: line
      .replace(/^\./, "")
      .replace(/\s*#[\w-]+#$/, "")
      .replace(/^\d+[A-Z]?\.?\s+/, "")
      .replace(/\s+\d+[A-Z]?$/, isNumbered ? "" : "$&"),
  }));
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
