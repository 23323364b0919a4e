import { useMemo } from "react";

import type { AgentStatusBody, Problem } from "@callboard/client";
import { useRoom } from "./useRoom";

export interface LiveAgents {
  /** Sorted by name. */
  agents: AgentStatusBody[];
  isLoading: boolean;
  error: Problem | null;
  /** Not connected: the statuses may be out of date. */
  isStale: boolean;
}

/** Every agent with its status, skills and metrics, live. Needs `agents.view_agent`. */
export function useAgents(): LiveAgents {
  const { value, problem, isCurrent } = useRoom("agent", "*");
  const agents = useMemo(
    () => Object.values(value ?? {}).toSorted((a, b) => a.agent_name.localeCompare(b.agent_name)),
    [value],
  );
  return {
    agents,
    isLoading: value === null && problem === null,
    error: problem,
    isStale: value !== null && !isCurrent,
  };
}
