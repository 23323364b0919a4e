import { useCallback, useState } from "react";

import type { Action, ControlCommand, ControlResult } from "@callboard/client";
import { useCallboard } from "./CallboardProvider";

export type ControlOptions = Pick<ControlCommand, "mode" | "task" | "answer" | "why" | "requestId">;

export interface ControlReport extends ControlResult {
  action: Action;
}

interface Attempt extends ControlReport {
  /** What it would take to try the same again. */
  options: ControlOptions;
}

export interface Control {
  /** Requests the action. Resolves with the final outcome, which may be a refusal; never rejects. */
  send: (action: Action, options?: ControlOptions) => Promise<ControlReport>;
  /** Sends the last request again, under the same id: should it have arrived after all, it counts once. */
  retry: () => void;
  /** The actions that were requested and have no outcome yet. */
  pending: readonly Action[];
  lastResult: ControlReport | null;
}

/** Pause, resume, cancel and retry of one workflow, and answers to its questions. */
export function useControl(id: string): Control {
  const { connection } = useCallboard();
  const [pending, setPending] = useState<readonly Action[]>([]);
  const [lastResult, setLastResult] = useState<Attempt | null>(null);

  const send = useCallback(
    async (action: Action, options: ControlOptions = {}) => {
      setPending((all) => [...all, action]);
      const { requestId, result } = connection.control({ workflowId: id, action, ...options });
      const { outcome, reason } = await result;
      const report = { action, outcome, reason, options: { ...options, requestId } };
      setPending((all) => all.toSpliced(all.indexOf(action), 1));
      setLastResult(report);
      return report;
    },
    [connection, id],
  );
  const retry = useCallback(() => {
    if (lastResult) void send(lastResult.action, lastResult.options);
  }, [send, lastResult]);
  return { send, retry, pending, lastResult };
}
