import { hashKey, keepPreviousData, useQuery, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect } from "react";

import {
  ACTIVE_STATES,
  type ApiError,
  type Connection,
  type Page,
  type WorkflowFilter,
  type WorkflowRow,
  type WorkflowSnapshot,
} from "@callboard/client";
import { useServices } from "@/shared/services";

/** A client may subscribe to ten rooms; this leaves four for other pages. */
const LIVE_ROWS = 6;
const REFETCH_MS = 15_000;
/** While more than LIVE_ROWS workflows are active: the rest is polled. */
const POLLED_ROWS_REFETCH_MS = 3_000;

export interface WorkflowList {
  rows: WorkflowRow[];
  /** The number of workflows on all pages. */
  count: number;
  isLoading: boolean;
  error: ApiError | null;
  refetch: () => void;
}

/** A page of the user's workflows, newest first; the first LIVE_ROWS active ones are updated live. */
export function useWorkflows(filter: WorkflowFilter = {}): WorkflowList {
  const { api, connection } = useServices();
  const queryKey = ["workflows", filter];
  const { data, isPending, error, refetch } = useQuery<Page, ApiError>({
    queryKey,
    queryFn: async ({ signal }) => withLive(await api.workflows(filter, signal), connection),
    placeholderData: keepPreviousData,
    refetchOnMount: "always",
    refetchInterval: ({ state }) =>
      hasPolledRows(state.data?.results) ? POLLED_ROWS_REFETCH_MS : REFETCH_MS,
  });
  const rows = data?.results ?? NO_ROWS;
  useLive(rows, queryKey);
  return { rows, count: data?.count ?? 0, isLoading: isPending, error, refetch: () => void refetch() };
}

const NO_ROWS: WorkflowRow[] = [];

function hasPolledRows(rows: WorkflowRow[] = NO_ROWS): boolean {
  return rows.filter(isActive).length > LIVE_ROWS;
}

function isActive(row: WorkflowRow): boolean {
  return ACTIVE_STATES.includes(row.state);
}

/** Watches the rooms of the first LIVE_ROWS active rows, and writes their updates into the query's cache. */
function useLive(rows: WorkflowRow[], queryKey: QueryKey): void {
  const { connection } = useServices();
  const queryClient = useQueryClient();
  const active = rows.filter(isActive).slice(0, LIVE_ROWS);
  const ids = active.map(({ id }) => id).join();
  const key = hashKey(queryKey);

  useEffect(() => {
    const write = () =>
      queryClient.setQueryData<Page>(JSON.parse(key) as QueryKey, (page) =>
        page ? withLive(page, connection) : page,
      );
    const stops = ids === "" ? [] : ids.split(",").map((id) => connection.watch("workflow", id, write));
    return () => stops.forEach((stop) => stop());
  }, [connection, queryClient, ids, key]);
}

function withLive(page: Page, connection: Connection): Page {
  const results = page.results.map((row) => newest(row, connection.view("workflow", row.id).value));
  return { ...page, results };
}

/** The row with the room's newer state, if it is newer: an answer of the API may be older than the room. */
function newest(row: WorkflowRow, live: WorkflowSnapshot | null): WorkflowRow {
  if (live === null || live.seq < row.seq) return row;
  const { state, progress, stage, message, eta, elapsed, queue, seq, started_at, finished_at } = live;
  const poster = row.poster ?? live.artifacts.findLast(({ kind }) => kind === "frame")?.url ?? null;
  return {
    ...row,
    state,
    progress,
    stage,
    message,
    eta,
    elapsed,
    queue,
    seq,
    started_at,
    finished_at,
    poster,
  };
}
