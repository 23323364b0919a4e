import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import type { ApiError, Forecast } from "@callboard/client";
import { useServices } from "@/shared/services";

const SETTLED_MS = 700; // after the last key
const GOOD_FOR_MS = 60_000;

/** What a workflow with this input would take, a moment after it was typed; null: not known, or not asked. */
export function useEstimate(pipeline: string, input: object | null): Forecast | null {
  const { api } = useServices();
  const [settled] = useDebouncedValue(input, SETTLED_MS);
  const { data } = useQuery<Forecast, ApiError>({
    queryKey: ["estimate", pipeline, settled],
    queryFn: ({ signal }) => api.estimate(pipeline, settled, signal),
    enabled: settled !== null,
    staleTime: GOOD_FOR_MS,
    retry: false, // what does not fit is said when it is started
    placeholderData: keepPreviousData,
  });
  return settled && input ? (data ?? null) : null;
}
