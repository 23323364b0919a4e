import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useServices } from "../hooks/services";
import type { EventMessage } from "../realtime/messages.gen";

const CALM_MS = 800;
const NONE: EventMessage[] = [];

/** The story of a workflow so far; asks for what is new whenever `seq` has moved on, but not at every step. */
export function useActivity(id: string, seq: number): readonly EventMessage[] {
  const { api } = useServices();
  const queryClient = useQueryClient();
  const { data, isFetching, refetch } = useQuery<EventMessage[]>({
    queryKey: ["activity", id],
    queryFn: async ({ signal }) => {
      const known = queryClient.getQueryData<EventMessage[]>(["activity", id]) ?? NONE;
      const { events } = await api.events(id, known.at(-1)?.seq ?? 0, 0, signal);
      return events.length ? [...known, ...events] : known;
    },
    staleTime: Infinity,
  });
  const isBehind = data !== undefined && (data.at(-1)?.seq ?? 0) < seq;
  useEffect(() => {
    if (!isBehind || isFetching) return undefined;
    const timer = setTimeout(() => void refetch(), CALM_MS);
    return () => clearTimeout(timer);
  }, [isBehind, isFetching, refetch]);
  return data ?? NONE;
}
