import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import type { ApiError, Page, WorkflowFilter, WorkflowRow } from "@callboard/client";
import { useRoom } from "@/shared/hooks/useRoom";
import { useServices } from "@/shared/services";
import { liveRows } from "../list/liveRows";

export const PAGE_SIZE = 25;
/** Where new workflows are not put in by themselves: in searches, and in other orders than by age. */
const REFETCH_MS = 15_000;

export interface WorkflowList {
  rows: WorkflowRow[];
  /** The number of workflows on all pages. */
  count: number;
  isLoading: boolean;
  /** The rows are those of the filter before, while the next ones are on their way. */
  isOutdated: boolean;
  error: ApiError | null;
  refetch: () => void;
}

/** A page of the workflows that the user may see, live: rows change, come and go as it happens. */
export function useWorkflows(filter: WorkflowFilter = {}): WorkflowList {
  const { api } = useServices();
  const { value: live } = useRoom("workflows", "");
  const isByAge = !filter.search && (filter.sort ?? "-created_at") === "-created_at";
  const { data, isPending, isPlaceholderData, error, refetch } = useQuery<Page, ApiError>({
    queryKey: ["workflows", filter],
    queryFn: ({ signal }) => api.workflows(filter, signal),
    placeholderData: keepPreviousData,
    refetchOnMount: "always",
    refetchInterval: isByAge ? false : REFETCH_MS,
  });
  useRefetchAfterGap(live?.pages ?? 0, refetch);
  const { rows, count } = useMemo(() => {
    if (!data) return NOTHING;
    if (isPlaceholderData) return { rows: data.results, count: data.count };
    return liveRows(data, live, filter, PAGE_SIZE);
  }, [data, isPlaceholderData, live, filter]);
  return {
    rows,
    count,
    isLoading: isPending,
    isOutdated: isPlaceholderData,
    error,
    refetch: () => void refetch(),
  };
}

const NOTHING: { rows: WorkflowRow[]; count: number } = { rows: [], count: 0 };

/** While the connection was lost, rows may have changed that no first page has. `pages`: how many of these have come. */
function useRefetchAfterGap(pages: number, refetch: () => Promise<unknown>): void {
  useEffect(() => {
    if (pages > 1) void refetch();
  }, [pages, refetch]);
}
