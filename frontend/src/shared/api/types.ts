/** The bodies of the HTTP API, except those that WebSocket messages carry too (realtime/messages.gen.ts). */

import type { Action, Outcome, WorkflowSnapshot, WorkflowState } from "@/realtime/messages.gen";

export interface User {
  username: string;
  can_view_agents: boolean;
  is_staff: boolean;
}

export interface Pipeline {
  name: string;
  title: string;
  description: string;
  stages: string[];
  /** JSON Schema of `NewWorkflow.input`. */
  input_schema: Record<string, unknown>;
}

export interface NewWorkflow {
  pipeline: string;
  input: Record<string, unknown>;
}

/** A workflow as lists show it. */
export interface WorkflowRow extends Omit<
  WorkflowSnapshot,
  "input" | "stages" | "artifacts" | "watchers" | "error"
> {
  /** URL of its poster, or else of its newest frame. */
  poster: string | null;
}

export interface Page<Row> {
  count: number;
  results: Row[];
}

export interface WorkflowFilter {
  states?: WorkflowState[];
  /** From 1. */
  page?: number;
}

export interface ControlBody {
  action: Action;
  request_id: string;
  mode?: "drain" | "now";
  task?: string;
}

export interface ControlAnswer {
  status: "accepted" | "rejected";
  reason: string;
  /** "" until it is known. */
  outcome: Outcome | "";
}
