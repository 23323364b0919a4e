/** The states of workflows, stages and tasks as people read them. Pure. */

const LABELS = new Map([
  ["pending", "Waiting"],
  ["ready", "Next"],
  ["running", "Running"],
  ["pausing", "Pausing"],
  ["paused", "Paused"],
  ["cancelling", "Cancelling"],
  ["cancelled", "Cancelled"],
  ["completed", "Completed"],
  ["input_required", "Needs your answer"],
  ["failed", "Failed"],
]);

/** "Needs your answer" for "input_required"; a state that is not known keeps its own name. */
export function stateLabel(state: string): string {
  return LABELS.get(state) ?? state;
}
