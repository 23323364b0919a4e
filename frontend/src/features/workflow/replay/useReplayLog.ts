import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import type { ApiError, EventMessage } from "@callboard/client";
import { useServices } from "@/shared/services";
import { ReplayLog } from "./ReplayLog";

const EVENTS_AT_ONCE = 200;

export interface LoadedLog {
  /** Null until every moment can be shown without delay. */
  log: ReplayLog | null;
  /** 0–1: how much of the log has been folded. */
  prepared: number;
  error: ApiError | null;
}

/** Fetches the beginning of a workflow and folds its log, a part at a time, so that the page does not stand still. */
export function useReplayLog(
  id: string,
  events: readonly EventMessage[],
  last: number,
  isEnabled = true,
): LoadedLog {
  const { api } = useServices();
  const { data, error } = useQuery({
    queryKey: ["beginning", id],
    queryFn: ({ signal }) => api.beginning(id, signal),
    staleTime: Infinity,
    enabled: isEnabled,
  });
  const log = useMemo(() => (data ? new ReplayLog(data) : null), [data]);
  const isThere = events.length >= last && (last === 0 || events[0]?.seq === 1);
  const [folded, setFolded] = useState(0);

  useEffect(() => {
    if (!log || !isThere || folded >= last) return undefined;
    const timer = setTimeout(() => {
      const until = Math.min(folded + EVENTS_AT_ONCE, events.length);
      log.at(until, events);
      setFolded(until);
    });
    return () => clearTimeout(timer);
  }, [log, isThere, folded, last, events]);

  const isPrepared = isThere && folded + EVENTS_AT_ONCE >= last;
  return {
    log: isPrepared ? log : null,
    prepared: last ? folded / last : 1,
    error: error as ApiError | null,
  };
}
