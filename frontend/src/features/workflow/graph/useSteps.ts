import { useQuery } from "@tanstack/react-query";

import type { StepBody } from "@callboard/client";
import { useServices } from "@/shared/services";

interface Steps {
  /** Null while they are loaded; empty where the recipe is not known any more. */
  steps: readonly StepBody[] | null;
}

/** The steps of a pipeline, and what waits for what. */
export function useSteps(pipeline: string): Steps {
  const { api } = useServices();
  const { data, isPending } = useQuery({
    queryKey: ["pipelines"],
    queryFn: ({ signal }) => api.pipelines(signal),
    staleTime: 60_000,
  });
  const known = data?.find(({ name }) => name === pipeline)?.steps ?? [];
  return { steps: isPending ? null : known };
}
