import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { ApiError } from "../api/ApiError";
import type { AgentDetail, AgentRow } from "../api/types";
import { useServices } from "./services";
import type { Problem } from "../realtime/Room";
import { useRoom } from "./useRoom";

export interface LiveAgents {
  agents: AgentRow[];
  isLoading: boolean;
  error: Problem | null;
  /** The link is down: the statuses are the last that we know. */
  isStale: boolean;
}

/** Every agent: skills and limits from the registry, status and metrics live. Needs `agents.view_agent`. */
export function useAgents(): LiveAgents {
  const { api } = useServices();
  const live = useRoom("agent", "*");
  const { data, isPending, error } = useQuery<AgentRow[], ApiError>({
    queryKey: ["agents"],
    queryFn: ({ signal }) => api.agents(signal),
    refetchInterval: 30_000, // an agent that was added or disabled
  });
  const agents = useMemo(
    () => (data ?? []).map((row) => ({ ...row, ...live.value?.[row.agent_name] })),
    [data, live.value],
  );
  return {
    agents,
    isLoading: isPending,
    error: error ? { type: error.type, message: error.message } : live.problem,
    isStale: !live.isCurrent,
  };
}

/** One agent with its last hour, minute by minute. */
export function useAgent(name: string): { agent: AgentDetail | null; error: ApiError | null } {
  const { api } = useServices();
  const { data, error } = useQuery<AgentDetail, ApiError>({
    queryKey: ["agents", name],
    queryFn: ({ signal }) => api.agent(name, signal),
    refetchInterval: 15_000,
  });
  return { agent: data ?? null, error };
}
