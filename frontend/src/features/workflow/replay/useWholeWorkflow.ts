import type { EventMessage, WorkflowSnapshot } from "@callboard/client";
import { useReplayLog } from "./useReplayLog";

/** The workflow with all of its tasks: those that the snapshot of a large one leaves out are known by its log. */
export function useWholeWorkflow(
  workflow: WorkflowSnapshot,
  events: readonly EventMessage[],
): WorkflowSnapshot {
  const isFolded = workflow.stages.some(({ folded }) => folded !== null);
  const { log } = useReplayLog(workflow.id, events, workflow.seq, isFolded);
  if (!isFolded || log === null) return workflow;
  return { ...workflow, stages: log.at(workflow.seq, events).stages };
}
