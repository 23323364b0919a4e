import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "react-router";

import type { ApiError, CreatedWorkflow, RerunBody } from "@callboard/client";
import { useServices } from "@/shared/services";

export interface RerunOfThis {
  /** Makes a new workflow that reuses this one's work, and goes to its page. */
  rerun: (body: RerunBody) => void;
  isStarting: boolean;
  error: ApiError | null;
}

export function useRerun(id: string): RerunOfThis {
  const { api } = useServices();
  const navigate = useNavigate();
  const { mutate, isPending, error } = useMutation<CreatedWorkflow, ApiError, RerunBody>({
    mutationFn: (body) => api.rerun(id, body),
    onSuccess: (created) => void navigate(`/workflows/${created.id}`),
  });
  return { rerun: mutate, isStarting: isPending, error };
}
