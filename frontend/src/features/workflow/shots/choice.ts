/** Which take of a shot was kept, and how good each is: the file of kind "choice". Pure. */

export interface Choice {
  kept: number;
  /** A person chose it. */
  is_asked_for: boolean;
  /** 0.0-1.0 for each quality, and `total`. */
  takes: { take: number; scores: Record<string, number> }[];
}

/** Null while it is not there, or for a file that is something else. */
export function choiceOf(text: string): Choice | null {
  try {
    const value = JSON.parse(text) as Partial<Choice> | null;
    const isChoice = typeof value?.kept === "number" && Array.isArray(value.takes);
    return isChoice ? ({ is_asked_for: false, ...value } as Choice) : null;
  } catch {
    return null;
  }
}

/** "sharpness 81, contrast 64". */
export function scoreWords(scores: Record<string, number>): string {
  return Object.entries(scores)
    .filter(([name]) => name !== "total")
    .map(([name, value]) => `${name} ${Math.round(value * 100)}`)
    .join(", ");
}
