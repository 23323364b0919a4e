import { useNavigate } from "react-router";

import type { ApiError } from "@/shared/api/ApiError";
import { useCreateWorkflow } from "./useCreateWorkflow";

interface Start {
  start: (input: Record<string, unknown>) => Promise<void>;
  isStarting: boolean;
  error: ApiError | null;
}

/** Starts a workflow and goes to watch it; an error stays on the page, with all that was typed. */
export function useStartWorkflow(pipeline: string): Start {
  const { create, isCreating, error } = useCreateWorkflow();
  const navigate = useNavigate();
  const start = async (input: Record<string, unknown>) => {
    const workflow = await create({ pipeline, input }).catch(() => null);
    if (workflow) await navigate(`/workflows/${workflow.id}`);
  };
  return { start, isStarting: isCreating, error };
}
