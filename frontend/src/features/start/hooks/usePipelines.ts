import { useQuery } from "@tanstack/react-query";

import type { ApiError } from "@/shared/api/ApiError";
import type { Pipeline } from "@/shared/api/types";
import { useServices } from "@/shared/services";

/** All pipelines, with the JSON Schema of their input. */
export function usePipelines(): { pipelines: Pipeline[]; isLoading: boolean; error: ApiError | null } {
  const { api } = useServices();
  const { data, isPending, error } = useQuery<Pipeline[], ApiError>({
    queryKey: ["pipelines"],
    queryFn: ({ signal }) => api.pipelines(signal),
    staleTime: Infinity,
  });
  return { pipelines: data ?? [], isLoading: isPending, error };
}
