import type { Problem, WorkflowSnapshot } from "@callboard/client";
import { useRoom } from "./useRoom";

export interface LiveWorkflow {
  /** The newest known state, updated by every message. */
  snapshot: WorkflowSnapshot | null;
  isLoading: boolean;
  /** The server refused: the workflow does not exist, or belongs to another user. */
  error: Problem | null;
  /** Not connected: the snapshot may be out of date. */
  isStale: boolean;
  /** When the workflow last sent an update, in ms since 1970. Long ago on a live connection means that its workers are silent. */
  lastUpdateAt: number | null;
}

/** One workflow, live. */
export function useWorkflow(id: string): LiveWorkflow {
  const { value, problem, isCurrent, lastUpdateAt } = useRoom("workflow", id);
  return {
    snapshot: value,
    isLoading: value === null && problem === null,
    error: problem,
    isStale: value !== null && !isCurrent,
    lastUpdateAt,
  };
}
