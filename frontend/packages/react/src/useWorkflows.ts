import { useCallback, useEffect, useRef, useState } from "react";

import {
  ACTIVE_STATES,
  ApiError,
  type Page,
  type WorkflowFilter,
  type WorkflowRow,
  type WorkflowSnapshot,
} from "@callboard/client";
import { useCallboard } from "./CallboardProvider";

/** A client may subscribe to ten rooms; this leaves four for the rest of the page. */
const LIVE_ROWS = 6;
const REFETCH_MS = 15_000;

export interface WorkflowList {
  rows: readonly WorkflowRow[];
  /** The number of workflows on all pages. */
  count: number;
  isLoading: boolean;
  error: ApiError | null;
  refetch: () => void;
}

/** A page of the person's workflows, newest first. Fetched every 15 s; in between, the first active ones are live. */
export function useWorkflows(filter: WorkflowFilter = {}): WorkflowList {
  const { page, error, refetch } = usePage(filter);
  const rows = useLiveRows(page?.results ?? NO_ROWS);
  return { rows, count: page?.count ?? 0, isLoading: page === null && error === null, error, refetch };
}

const NO_ROWS: WorkflowRow[] = [];

function usePage(filter: WorkflowFilter) {
  const { api } = useCallboard();
  const [page, setPage] = useState<Page | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const fetchNow = useRef<() => void>(() => undefined);
  const key = JSON.stringify(filter);
  useEffect(() => {
    const controller = new AbortController();
    const keep = (found: Page) => {
      setPage(found);
      setError(null);
    };
    const note = (reason: unknown) => reason instanceof ApiError && setError(reason);
    const fetchPage = () =>
      void api
        .workflows(JSON.parse(key) as WorkflowFilter, controller.signal)
        .then(keep)
        .catch(note);
    fetchNow.current = fetchPage;
    fetchPage();
    const timer = setInterval(fetchPage, REFETCH_MS);
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, [api, key]);
  const refetch = useCallback(() => fetchNow.current(), []);
  return { page, error, refetch };
}

/** The rows with what the rooms of the first active ones know. */
function useLiveRows(rows: WorkflowRow[]): readonly WorkflowRow[] {
  const { connection } = useCallboard();
  const [, render] = useState(0);
  const active = rows.filter(({ state }) => ACTIVE_STATES.includes(state)).slice(0, LIVE_ROWS);
  const ids = active.map(({ id }) => id).join();
  useEffect(() => {
    const again = () => render((count) => count + 1);
    const stops = ids === "" ? [] : ids.split(",").map((id) => connection.watch("workflow", id, again));
    return () => stops.forEach((stop) => stop());
  }, [connection, ids]);
  return rows.map((row) => newest(row, connection.view("workflow", row.id).value));
}

/** The row with the room's state, if that is newer: an answer of the API may be older than the room. */
function newest(row: WorkflowRow, live: WorkflowSnapshot | null): WorkflowRow {
  if (live === null || live.seq < row.seq) return row;
  const { state, progress, stage, message, eta, elapsed, queue, seq, started_at, finished_at } = live;
  return { ...row, state, progress, stage, message, eta, elapsed, queue, seq, started_at, finished_at };
}
