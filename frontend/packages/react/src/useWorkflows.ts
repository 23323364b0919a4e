import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { ApiError, liveRows, type Page, type WorkflowFilter, type WorkflowRow } from "@callboard/client";
import { useCallboard } from "./CallboardProvider";
import { useRoom } from "./useRoom";

/** Rows of a page, as the server makes them. */
export const PAGE_SIZE = 25;
/** Where new workflows are not put in by themselves: in searches, and in other orders than by age. */
const REFETCH_MS = 15_000;

export interface WorkflowList {
  rows: readonly WorkflowRow[];
  /** The number of workflows on all pages. */
  count: number;
  isLoading: boolean;
  /** The rows are those of the filter before, while the next ones are on their way. */
  isOutdated: boolean;
  error: ApiError | null;
  refetch: () => void;
}

/** A page of the workflows that the person may see, live: rows change, come and go as it happens. */
export function useWorkflows(filter: WorkflowFilter = {}): WorkflowList {
  const key = JSON.stringify(filter);
  const { value: live } = useRoom("workflows", "");
  const { fetched, error, refetch } = usePage(key);
  useRefetchAfterGap(live?.pages ?? 0, refetch);
  const { rows, count } = useMemo(() => {
    if (fetched === null) return NOTHING;
    if (fetched.key !== key) return { rows: fetched.page.results, count: fetched.page.count };
    return liveRows(fetched.page, live, JSON.parse(key) as WorkflowFilter, PAGE_SIZE);
  }, [fetched, key, live]);
  return {
    rows,
    count,
    isLoading: fetched === null && error === null,
    isOutdated: fetched !== null && fetched.key !== key,
    error,
    refetch,
  };
}

const NOTHING: { rows: WorkflowRow[]; count: number } = { rows: [], count: 0 };

/** The page of the filter whose JSON `key` is; until it is there, the one before. */
function usePage(key: string) {
  const { api } = useCallboard();
  const [fetched, setFetched] = useState<{ key: string; page: Page } | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const fetchNow = useRef<() => void>(() => undefined);
  useEffect(() => {
    const controller = new AbortController();
    const filter = JSON.parse(key) as WorkflowFilter;
    const keep = (page: Page) => {
      setFetched({ key, page });
      setError(null);
    };
    const note = (reason: unknown) => reason instanceof ApiError && setError(reason);
    const fetchPage = () => void api.workflows(filter, controller.signal).then(keep).catch(note);
    fetchNow.current = fetchPage;
    fetchPage();
    const isByAge = !filter.search && (filter.sort ?? "-created_at") === "-created_at";
    const timer = isByAge ? undefined : setInterval(fetchPage, REFETCH_MS);
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, [api, key]);
  const refetch = useCallback(() => fetchNow.current(), []);
  return { fetched, error, refetch };
}

/** While the connection was lost, rows may have changed that no first page has. `pages`: how many of these have come. */
function useRefetchAfterGap(pages: number, refetch: () => void): void {
  useEffect(() => {
    if (pages > 1) refetch();
  }, [pages, refetch]);
}
