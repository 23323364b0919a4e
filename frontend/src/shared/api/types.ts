/** What the HTTP API answers, where it is not a message of the socket too (those are in realtime/messages.gen.ts). */

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
  /** Link to a picture of it: its poster, or else its newest frame. */
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
  /** Empty while it is under way. */
  outcome: Outcome | "";
}
