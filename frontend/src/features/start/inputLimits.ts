/** The limits in a pipeline's JSON Schema, with defaults until it is loaded. Pure. */
import type { Pipeline } from "@callboard/client";

export interface InputLimits {
  /** The most characters of the text. */
  text: number;
  /** The most characters of a Final Draft document, of which most are markup. */
  markup: number;
  leastScenes: number;
  mostScenes: number;
}

const KNOWN: Record<string, InputLimits> = {
  idea2video: { text: 4000, markup: 4000, leastScenes: 1, mostScenes: 12 },
  script2video: { text: 200_000, markup: 1_400_000, leastScenes: 1, mostScenes: 12 },
  novel2video: { text: 2_000_000, markup: 2_000_000, leastScenes: 1, mostScenes: 8 },
};

/** `field`: the input that holds the text, "idea" or "script". */
export function limitsOf(pipeline: Pipeline | undefined, name: string, field: string): InputLimits {
  const known = KNOWN[name] ?? { text: 4000, markup: 4000, leastScenes: 1, mostScenes: 12 };
  const properties = record(record(pipeline?.input_schema)["properties"]);
  const scenes = record(properties["scenes"]);
  const written = record(properties[field]);
  const longest = number(written["maxLength"], known.text);
  return {
    text: number(written["x-maxTextLength"], longest),
    markup: pipeline ? longest : known.markup,
    leastScenes: number(scenes["minimum"], known.leastScenes),
    mostScenes: number(scenes["maximum"], known.mostScenes),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
