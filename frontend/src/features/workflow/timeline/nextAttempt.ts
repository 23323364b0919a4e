/** Where the arrow keys lead. Pure. */
import type { Attempt } from "./attempts";
import type { Lane } from "./lanes";

/** The attempt that the key leads to; undefined for other keys, and where there is none. */
export function nextAttempt(
  lanes: readonly Lane[],
  from: Attempt | undefined,
  key: string,
): Attempt | undefined {
  const lane = lanes.findIndex(({ agent }) => agent === from?.agent);
  const inOrder = attemptsIn(lanes[Math.max(0, lane)]);
  if (!from) return key.startsWith("Arrow") || key === "Home" || key === "End" ? inOrder[0] : undefined;
  const index = inOrder.indexOf(from);
  switch (key) {
    case "ArrowRight":
      return inOrder[index + 1];
    case "ArrowLeft":
      return inOrder[index - 1];
    case "ArrowDown":
      return nearest(lanes[lane + 1], from.start);
    case "ArrowUp":
      return nearest(lanes[lane - 1], from.start);
    case "Home":
      return inOrder[0];
    case "End":
      return inOrder.at(-1);
    default:
      return undefined;
  }
}

function attemptsIn(lane: Lane | undefined): Attempt[] {
  return (lane?.rows ?? []).flat().toSorted((a, b) => a.start - b.start || a.seq - b.seq);
}

function nearest(lane: Lane | undefined, moment: number): Attempt | undefined {
  const inOrder = attemptsIn(lane);
  return inOrder.findLast(({ start }) => start <= moment) ?? inOrder[0];
}
