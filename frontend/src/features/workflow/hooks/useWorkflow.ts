import type { WorkflowSnapshot } from "@/realtime/messages.gen";
import type { Problem } from "@/realtime/Room";
import { useRoom } from "@/shared/hooks/useRoom";

export interface LiveWorkflow {
  /** The newest that is known, kept up to date by every message. */
  snapshot: WorkflowSnapshot | null;
  isLoading: boolean;
  /** Why there is nothing to see: it does not exist, or is not yours. */
  error: Problem | null;
  /** The connection is down: the snapshot is the last that we know. */
  isStale: boolean;
  /** When this workflow was last heard of, in ms since 1970. Long ago on a live connection: its workers are silent. */
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
