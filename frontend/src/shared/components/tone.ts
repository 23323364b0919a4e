/** The meaning of a colour: running, success, error, waiting, neutral. `tone.module.css` has a class for each. */
export type Tone = "accent" | "ok" | "bad" | "wait" | "mute";
