import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import type { ApiError, Forecast } from "@callboard/client";
import { useServices } from "@/shared/services";

const SETTLED_MS = 700; // after the last key
const GOOD_FOR_MS = 60_000;

export interface Estimate {
  /** What a workflow with this input would take, a moment after it was typed; null: not known, or not asked. */
  forecast: Forecast | null;
  /** Why it would be refused. */
  error: ApiError | null;
  /** The forecast is of the input as it is now, not of one before. */
  isCurrent: boolean;
}

/** Asks what a workflow with this input would take, and whether it would be refused. */
export function useEstimate(pipeline: string, input: object | null): Estimate {
  const { api } = useServices();
  const [settled] = useDebouncedValue(input, SETTLED_MS);
  const { data, error, isPlaceholderData } = useQuery<Forecast, ApiError>({
    queryKey: ["estimate", pipeline, settled],
    queryFn: ({ signal }) => api.estimate(pipeline, settled, signal),
    enabled: settled !== null,
    staleTime: GOOD_FOR_MS,
    retry: false,
    placeholderData: keepPreviousData,
  });
  if (!settled || !input) return { forecast: null, error: null, isCurrent: false };
  return { forecast: data ?? null, error, isCurrent: settled === input && !isPlaceholderData };
}
