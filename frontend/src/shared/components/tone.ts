/** What a colour says: under way, good, bad, waiting, nothing in particular. `tone.module.css` has a class for each. */
export type Tone = "accent" | "ok" | "bad" | "wait" | "mute";
