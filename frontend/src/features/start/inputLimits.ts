/** The limits in a pipeline's JSON Schema, with defaults until it is loaded. Pure. */
import type { Pipeline } from "@callboard/client";

export interface InputLimits {
  /** The most characters of the text. */
  text: number;
  leastScenes: number;
  mostScenes: number;
}

const KNOWN: Record<string, InputLimits> = {
  idea2video: { text: 4000, leastScenes: 1, mostScenes: 12 },
  script2video: { text: 200_000, leastScenes: 1, mostScenes: 12 },
  novel2video: { text: 2_000_000, leastScenes: 1, mostScenes: 8 },
};

/** `field`: the input that holds the text, "idea" or "script". */
export function limitsOf(pipeline: Pipeline | undefined, name: string, field: string): InputLimits {
  const known = KNOWN[name] ?? { text: 4000, leastScenes: 1, mostScenes: 12 };
  const properties = record(record(pipeline?.input_schema)["properties"]);
  const scenes = record(properties["scenes"]);
  return {
    text: number(record(properties[field])["maxLength"], known.text),
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
