import { useCallback, useState } from "react";

import { ApiError, randomId, type Api, type WorkflowRow } from "@callboard/client";
import { useServices } from "@/shared/services";

export type BulkAction = "pause" | "resume" | "cancel" | "delete";

/** What became of one row: under way, done, or why not. */
export interface RowOutcome {
  tone: "wait" | "ok" | "bad";
  text: string;
}

export interface Bulk {
  isRunning: boolean;
  outcomes: Readonly<Record<string, RowOutcome>>;
  /** Does it to each of the rows, a few at a time. Never rejects: what became of each is in `outcomes`. */
  run: (action: BulkAction, rows: readonly WorkflowRow[]) => Promise<void>;
  forget: () => void;
}

/** The server's other clients need connections, too. */
const AT_ONCE = 3;
const DONE: Record<BulkAction, string> = {
  pause: "Pause accepted",
  resume: "Resumed",
  cancel: "Cancel accepted",
  delete: "Deleted",
};

export function useBulk(): Bulk {
  const { api } = useServices();
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, RowOutcome>>>({});
  const [isRunning, setRunning] = useState(false);
  const run = useCallback(
    async (action: BulkAction, rows: readonly WorkflowRow[]) => {
      setRunning(true);
      setOutcomes(Object.fromEntries(rows.map(({ id }) => [id, { tone: "wait", text: "…" }])));
      const waiting = [...rows];
      const work = async () => {
        for (let row = waiting.shift(); row; row = waiting.shift()) {
          const { id } = row;
          // oxlint-disable-next-line no-await-in-loop -- one after the other is what is wanted
          const outcome = await outcomeOf(api, action, id);
          setOutcomes((before) => ({ ...before, [id]: outcome }));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      setRunning(false);
    },
    [api],
  );
  const forget = useCallback(() => setOutcomes({}), []);
  return { isRunning, outcomes, run, forget };
}

async function outcomeOf(api: Api, action: BulkAction, id: string): Promise<RowOutcome> {
  try {
    if (action === "delete") {
      await api.deleteWorkflow(id);
      return { tone: "ok", text: DONE.delete };
    }
    const answer = await api.control(id, { action, request_id: randomId() });
    if (answer.status === "rejected") return { tone: "bad", text: answer.reason };
    return { tone: "ok", text: answer.reason || DONE[action] };
  } catch (error) {
    return { tone: "bad", text: error instanceof ApiError ? error.message : "It could not be sent." };
  }
}
