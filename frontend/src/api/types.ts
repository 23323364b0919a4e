/** What the HTTP API answers, where it is not a message of the socket too (those are in realtime/messages.gen.ts). */

import type { Action, AgentStatusBody, WorkflowSnapshot, WorkflowState } from "../realtime/messages.gen";

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
export type WorkflowRow = Omit<WorkflowSnapshot, "input" | "stages" | "artifacts">;

export interface Page<Row> {
  count: number;
  results: Row[];
}

export interface WorkflowFilter {
  state?: WorkflowState;
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
}

export interface SkillSummary {
  id: string;
  name: string;
  description: string;
}

/** An agent as the registry knows it: its live status, and what does not change from minute to minute. */
export interface AgentRow extends AgentStatusBody {
  kind: "crew" | "a2a";
  description: string;
  skills: SkillSummary[];
  is_enabled: boolean;
  in_flight: number;
  max_concurrent: number;
  last_error: string;
  last_seen_at: string | null;
}

export interface AgentSample {
  minute: string;
  calls: number;
  errors: number;
  total_seconds: number;
  max_seconds: number;
}

export interface AgentDetail extends AgentRow {
  /** The last hour, minute by minute. */
  samples: AgentSample[];
}
