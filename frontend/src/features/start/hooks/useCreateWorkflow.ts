import { useMutation, useQueryClient } from "@tanstack/react-query";

import type { ApiError } from "@/shared/api/ApiError";
import type { NewWorkflow } from "@/shared/api/types";
import { useServices } from "@/shared/services";

export interface CreateWorkflow {
  /** Resolves with the id of the new workflow. Rejects with ApiError, whose `fields` has the problem of each invalid input. */
  create: (workflow: NewWorkflow) => Promise<{ id: string }>;
  isCreating: boolean;
  error: ApiError | null;
}

/** Creates a workflow, which starts at once. */
export function useCreateWorkflow(): CreateWorkflow {
  const { api } = useServices();
  const queryClient = useQueryClient();
  const { mutateAsync, isPending, error } = useMutation<{ id: string }, ApiError, NewWorkflow>({
    mutationFn: api.createWorkflow,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["workflows"] }),
  });
  return { create: mutateAsync, isCreating: isPending, error };
}
