import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useRef, useSyncExternalStore } from "react";

import type { ApiError } from "../api/ApiError";
import type { Page, WorkflowFilter, WorkflowRow } from "../api/types";
import { useServices } from "./services";
import type { Connection } from "../realtime/Connection";
import type { WorkflowSnapshot, WorkflowState } from "../realtime/messages.gen";

/** A client may watch ten rooms; the others are for the page beside the list. */
const LIVE_ROWS = 6;
const REFETCH_MS = 15_000;
/** While there are moving rows that no room is left for. */
const CROWDED_REFETCH_MS = 3_000;

const MOVING = new Set<WorkflowState>(["pending", "running", "pausing", "paused", "cancelling"]);

export interface WorkflowList {
  rows: WorkflowRow[];
  /** Of all pages. */
  count: number;
  isLoading: boolean;
  error: ApiError | null;
  refetch: () => void;
}

/** The workflows that you may see, newest first; the rows that still move are kept live. */
export function useWorkflows(filter: WorkflowFilter = {}): WorkflowList {
  const { api } = useServices();
  const { data, isPending, error, refetch } = useQuery<Page<WorkflowRow>, ApiError>({
    queryKey: ["workflows", filter],
    queryFn: ({ signal }) => api.workflows(filter, signal),
    placeholderData: keepPreviousData,
    refetchOnMount: "always",
    refetchInterval: ({ state }) => (isCrowded(state.data?.results) ? CROWDED_REFETCH_MS : REFETCH_MS),
  });
  const rows = useLiveRows(data?.results ?? NO_ROWS);
  return { rows, count: data?.count ?? 0, isLoading: isPending, error, refetch: () => void refetch() };
}

const NO_ROWS: WorkflowRow[] = [];

function isCrowded(rows: WorkflowRow[] = NO_ROWS): boolean {
  return rows.filter(isMoving).length > LIVE_ROWS;
}

function isMoving(row: WorkflowRow): boolean {
  return MOVING.has(row.state);
}

function useLiveRows(rows: WorkflowRow[]): WorkflowRow[] {
  const { connection } = useServices();
  const watched = rows
    .filter(isMoving)
    .slice(0, LIVE_ROWS)
    .map(({ id }) => id)
    .join();
  const watch = useCallback(
    (listener: () => void) => watchAll(connection, watched, listener),
    [connection, watched],
  );
  // useSyncExternalStore wants the same array for as long as nothing changed.
  const shown = useRef<WorkflowRow[]>(NO_ROWS);
  const read = () => {
    const next = rows.map((row) => newest(row, connection.view("workflow", row.id).value));
    const isSame = next.length === shown.current.length && next.every((row, i) => row === shown.current[i]);
    return isSame ? shown.current : (shown.current = next);
  };
  return useSyncExternalStore(watch, read);
}

function watchAll(connection: Connection, ids: string, listener: () => void): () => void {
  const stops = ids === "" ? [] : ids.split(",").map((id) => connection.watch("workflow", id, listener));
  return () => stops.forEach((stop) => stop());
}

function newest(row: WorkflowRow, live: WorkflowSnapshot | null): WorkflowRow {
  return live !== null && live.seq >= row.seq ? live : row;
}
