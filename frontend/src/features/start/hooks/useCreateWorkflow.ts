import { useMutation } from "@tanstack/react-query";

import type { ApiError, CreatedWorkflow, NewWorkflow } from "@callboard/client";
import { useServices } from "@/shared/services";

export interface CreateWorkflow {
  /** Resolves with the id of the new workflow. Rejects with ApiError, whose `fields` has the problem of each invalid input. */
  create: (workflow: NewWorkflow) => Promise<CreatedWorkflow>;
  isCreating: boolean;
  error: ApiError | null;
}

/** Creates a workflow, which starts at once. */
export function useCreateWorkflow(): CreateWorkflow {
  const { api } = useServices();
  const { mutateAsync, isPending, error } = useMutation<CreatedWorkflow, ApiError, NewWorkflow>({
    mutationFn: api.createWorkflow,
  });
  return { create: mutateAsync, isCreating: isPending, error };
}
