/** The shapes that a film can have, and the style that tells a part of the page its shape. Pure. */
import type { CSSProperties } from "react";

export type FilmFormat = "16:9" | "9:16" | "1:1";

interface Shape {
  words: string;
  /** Width by height, as CSS writes it. */
  ratio: string;
}

export const SHAPES: Readonly<Record<FilmFormat, Shape>> = {
  "16:9": { words: "Wide", ratio: "16 / 9" },
  "9:16": { words: "Portrait", ratio: "9 / 16" },
  "1:1": { words: "Square", ratio: "1 / 1" },
};

/** The most height of a large picture that is no wide one: it fits the window, with what stands above it. */
const FITTING = "max(280px, 100dvh - 220px)";

/** Films that were made before there was a choice are wide. */
function filmFormatOf({ input }: { input: Record<string, unknown> }): FilmFormat {
  const { format } = input;
  return isFilmFormat(format) ? format : "16:9";
}

export function isFilmFormat(value: unknown): value is FilmFormat {
  return typeof value === "string" && Object.hasOwn(SHAPES, value);
}

/** For the element around a film's pictures; whatever is outside of it (a dialog is) needs it as well. */
export function filmStyle(workflow: { input: Record<string, unknown> }): CSSProperties {
  const format = filmFormatOf(workflow);
  const height = format === "16:9" ? "none" : FITTING;
  return { "--film-ratio": SHAPES[format].ratio, "--film-height": height } as CSSProperties;
}
