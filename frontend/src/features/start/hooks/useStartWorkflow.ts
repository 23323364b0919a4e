import { useNavigate } from "react-router";

import type { ApiError } from "@/shared/api/ApiError";
import { useCreateWorkflow } from "./useCreateWorkflow";

interface Start {
  start: (input: Record<string, unknown>) => Promise<void>;
  isStarting: boolean;
  error: ApiError | null;
}

/** Creates a workflow and navigates to its page. After an error it stays on the form, which keeps its input. */
export function useStartWorkflow(pipeline: string): Start {
  const { create, isCreating, error } = useCreateWorkflow();
  const navigate = useNavigate();
  const start = async (input: Record<string, unknown>) => {
    const workflow = await create({ pipeline, input }).catch(() => null);
    if (workflow) await navigate(`/workflows/${workflow.id}`);
  };
  return { start, isStarting: isCreating, error };
}
