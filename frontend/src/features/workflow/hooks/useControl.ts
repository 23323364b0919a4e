import { useCallback, useState } from "react";

import { useServices } from "@/shared/services";
import type { Action, ControlCommand, ControlResult } from "@callboard/client";

type ControlOptions = Pick<ControlCommand, "mode" | "task" | "answer">;

export interface ControlReport extends ControlResult {
  action: Action;
}

export interface Control {
  /** Requests the action. Resolves with the final outcome, which may be a refusal; never rejects. */
  send: (action: Action, options?: ControlOptions) => Promise<ControlReport>;
  /** The actions that were requested and have no outcome yet. */
  pending: readonly Action[];
  lastResult: ControlReport | null;
}

/** Pause, resume, cancel and retry of one workflow, and answers to its questions. */
export function useControl(id: string): Control {
  const { connection } = useServices();
  const [pending, setPending] = useState<readonly Action[]>([]);
  const [lastResult, setLastResult] = useState<ControlReport | null>(null);

  const send = useCallback(
    async (action: Action, options: ControlOptions = {}) => {
      setPending((all) => [...all, action]);
      const { outcome, reason } = await connection.control({ workflowId: id, action, ...options }).result;
      const report = { action, outcome, reason };
      setPending((all) => all.toSpliced(all.indexOf(action), 1));
      setLastResult(report);
      return report;
    },
    [connection, id],
  );
  return { send, pending, lastResult };
}
