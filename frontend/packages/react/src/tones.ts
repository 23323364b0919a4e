/** What a colour means: running, success, error, waiting, neutral. Never the only sign of it. Pure. */
export type Tone = "accent" | "ok" | "bad" | "wait" | "mute";

const TONES = new Map<string, Tone>([
  ["running", "accent"],
  ["pausing", "wait"],
  ["paused", "wait"],
  ["input_required", "wait"],
  ["completed", "ok"],
  ["failed", "bad"],
]);

/** The tone of a workflow's, a stage's or a task's state. */
export function stateTone(state: string): Tone {
  return TONES.get(state) ?? "mute";
}
