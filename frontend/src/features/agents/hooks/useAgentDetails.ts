import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import type { AgentDetail, AgentHistory, AgentSwitch, ApiError } from "@callboard/client";
import { useServices } from "@/shared/services";

const HOURS = 24;
const DETAIL_MS = 5_000;
const HISTORY_MS = 60_000;

export interface AgentDetails {
  /** Its jobs and what people changed; null until they are known. */
  detail: AgentDetail | null;
  /** The last day; null until it is known. */
  history: AgentHistory | null;
  error: ApiError | null;
  /** Rejects with ApiError. */
  change: (wanted: AgentSwitch) => Promise<AgentDetail>;
}

/** What the page shows of one agent beyond its status, asked for again every few seconds. */
export function useAgentDetails(name: string): AgentDetails {
  const { api } = useServices();
  const client = useQueryClient();
  const key = ["agent", name];
  const detail = useQuery<AgentDetail, ApiError>({
    queryKey: key,
    queryFn: ({ signal }) => api.agent(name, signal),
    refetchInterval: DETAIL_MS,
  });
  const history = useQuery<AgentHistory, ApiError>({
    queryKey: ["agent history", name],
    queryFn: ({ signal }) => api.agentHistory(name, HOURS, signal),
    refetchInterval: HISTORY_MS,
  });
  const { mutateAsync } = useMutation<AgentDetail, ApiError, AgentSwitch>({
    mutationFn: (wanted) => api.changeAgent(name, wanted),
    onSuccess: (changed) => client.setQueryData(key, changed),
  });
  return {
    detail: detail.data ?? null,
    history: history.data ?? null,
    error: detail.error ?? history.error,
    change: mutateAsync,
  };
}
