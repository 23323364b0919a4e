import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useSyncExternalStore } from "react";

import type { Api, EventMessage } from "@callboard/client";
import { useServices } from "@/shared/services";

const NONE: readonly EventMessage[] = [];

/** All events of a workflow in order, live. Those before the snapshot are fetched once. */
export function useActivity(id: string): readonly EventMessage[] {
  const { api, connection } = useServices();
  const watch = useCallback(
    (listener: () => void) => connection.watch("workflow", id, listener),
    [connection, id],
  );
  const log = useSyncExternalStore(watch, () => connection.log(id));
  const after = log?.after ?? 0;
  const { data: history = NONE } = useQuery({
    queryKey: ["activity", id, after],
    queryFn: ({ signal }) => eventsUpTo(after, id, api, signal),
    enabled: after > 0,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
  return useMemo(
    () => [...history.filter(({ seq }) => seq <= after), ...(log?.events ?? NONE)],
    [history, after, log],
  );
}

/** Fetches the events 1 … `last`, page by page (at most 1000 in an answer). */
async function eventsUpTo(last: number, id: string, api: Api, signal: AbortSignal): Promise<EventMessage[]> {
  const events: EventMessage[] = [];
  for (let seq = 0; seq < last; seq = events.at(-1)?.seq ?? last) {
    const page = await api.events(id, seq, 0, signal);
    if (page.events.length === 0) break;
    events.push(...page.events);
  }
  return events;
}
