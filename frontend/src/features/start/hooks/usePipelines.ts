import { useQuery } from "@tanstack/react-query";

import type { ApiError, Pipeline } from "@callboard/client";
import { useServices } from "@/shared/services";

const LOOK_AGAIN_MS = 15_000;

interface Pipelines {
  pipelines: Pipeline[];
  isLoading: boolean;
  error: ApiError | null;
  refetch: () => void;
}

/** All pipelines, with the JSON Schema of their input. While one lacks something, they are asked for again. */
export function usePipelines({ isEnabled = true } = {}): Pipelines {
  const { api } = useServices();
  const { data, isPending, error, refetch } = useQuery<Pipeline[], ApiError>({
    queryKey: ["pipelines"],
    queryFn: ({ signal }) => api.pipelines(signal),
    staleTime: LOOK_AGAIN_MS,
    refetchInterval: ({ state }) => (state.data?.some(({ lacks }) => lacks.length) ? LOOK_AGAIN_MS : false),
    enabled: isEnabled,
  });
  return { pipelines: data ?? [], isLoading: isPending, error, refetch: () => void refetch() };
}
