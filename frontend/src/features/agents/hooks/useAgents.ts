import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { ApiError } from "@/shared/api/ApiError";
import type { AgentDetail } from "@/shared/api/types";
import type { AgentStatusBody } from "@/realtime/messages.gen";
import type { Problem } from "@/realtime/Room";
import { useRoom } from "@/shared/hooks/useRoom";
import { useServices } from "@/shared/services";

export interface LiveAgents {
  /** By name. */
  agents: AgentStatusBody[];
  isLoading: boolean;
  error: Problem | null;
  /** The link is down: the statuses are the last that we know. */
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
