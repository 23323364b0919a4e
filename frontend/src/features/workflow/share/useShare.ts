import { useMutation } from "@tanstack/react-query";

import type { ApiError, NewWorkflowToken, WorkflowTokenBody } from "@callboard/client";
import { useServices } from "@/shared/services";

export interface Share {
  /** Makes a token that is good for this workflow only, and the link of its embed page. */
  make: (wish: NewWorkflowToken) => void;
  isMaking: boolean;
  made: WorkflowTokenBody | null;
  /** Of the last try. */
  error: ApiError | null;
}

/** What can be given to others of one workflow. */
export function useShare(workflowId: string): Share {
  const { api } = useServices();
  const { mutate, isPending, data, error } = useMutation<WorkflowTokenBody, ApiError, NewWorkflowToken>({
    mutationFn: (wish) => api.makeWorkflowToken(workflowId, wish),
  });
  return { make: mutate, isMaking: isPending, made: data ?? null, error };
}
