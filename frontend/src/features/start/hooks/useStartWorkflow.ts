import { useNavigate } from "react-router";

import type { ApiError, NewWorkflow } from "@callboard/client";
import { useCreateWorkflow } from "./useCreateWorkflow";

/** What a pipeline takes; of one that this page does not know, anything. */
type InputOf<Pipeline> = Pipeline extends NewWorkflow["pipeline"]
  ? Extract<NewWorkflow, { pipeline: Pipeline }>["input"]
  : Record<string, unknown>;

interface Start<Pipeline> {
  start: (input: InputOf<Pipeline>) => Promise<void>;
  isStarting: boolean;
  error: ApiError | null;
}

/** Creates a workflow and navigates to its page. After an error it stays on the form, which keeps its input. */
export function useStartWorkflow<Pipeline extends string>(pipeline: Pipeline): Start<Pipeline> {
  const { create, isCreating, error } = useCreateWorkflow();
  const navigate = useNavigate();
  const start = async (input: InputOf<Pipeline>) => {
    const workflow = await create({ pipeline, input } as NewWorkflow).catch(() => null);
    if (workflow) await navigate(`/workflows/${workflow.id}`);
  };
  return { start, isStarting: isCreating, error };
}
