// Made by `manage.py export_protocol` from the bodies that the OpenAPI document describes. Do not edit.

import type { AgentJob, AgentMetrics, AgentState, Eta, Outcome, QueuePlace, WorkflowState } from "../messages.gen";

/** Registers a remote agent. It signs in there with a token: of an environment variable, or `credential`. */
export interface AgentRegistration {
  /** Where it is: its card is at .well-known/agent-card.json below. */
  url: string;
  /** Its name here; "": the one of its card. */
  name?: string;
  /** The name of an environment variable of the server. */
  bearer_env?: string;
  /** Stored encrypted, and shown nowhere. */
  credential?: string;
  /** How many tasks it may get at once. */
  max_concurrent?: number;
}

/** Changes an agent: at least one of the first four. `why` is kept, and shown to those whose work waits for it. */
export interface AgentSwitch {
  enabled?: boolean;
  draining?: boolean;
  max_concurrent?: number;
  weight?: number;
  why?: string;
}

/** What a sign-in takes. */
export interface Credentials {
  username: string;
  password: string;
}

/** A refresh token. */
export interface RefreshToken {
  refresh: string;
}

/** Why a request was refused. `message` is for people; `fields` has a sentence for each wrong field of the request. */
export interface ErrorDetail {
  type: string;
  message: string;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  /** Seconds to wait before trying again, where known. */
  retry_after: number | null;
  fields: Record<string, string>;
}

/** The body of every refusal over HTTP. */
export interface ErrorResponse {
  error: ErrorDetail;
}

/** What an agent can do, with the JSON Schemas of its input and output. */
export interface Skill {
  id: string;
  name: string;
  description: string;
  tags: string[];
  input_schema: Record<string, unknown>;
  output_schema: Record<string, unknown>;
}

/**
 * What an agent did in one minute, or longer period of a history, that began at `minute`. Durations in seconds.
 *
 * `p50` and `p95`: what half, and 95 % of the calls took at most, to 9 %; null where it is not known.
 */
export interface AgentMinute {
  minute: string;
  calls: number;
  errors: number;
  total_seconds: number;
  max_seconds: number;
  p50: number | null;
  p95: number | null;
}

/** What a person did to an agent: `what` in words ("disabled"), who (a username) and why. */
export interface AgentChange {
  what: string;
  by: string;
  why: string;
  at: string;
}

/**
 * One agent: its status, its skills with their schemas, and its last hour, minute by minute, oldest first.
 *
 * `changes` are the latest that people made to it, the newest first.
 */
export interface AgentDetail {
  agent_name: string;
  status: AgentState;
  metrics: AgentMetrics;
  kind: "crew" | "a2a";
  description: string;
  is_enabled: boolean;
  in_flight: number;
  max_concurrent: number;
  last_error: string;
  last_seen_at: string | null;
  enabled: boolean;
  /** It finishes what it has, and gets no new work. */
  draining: boolean;
  /** Its share of the work, beside others with the same skill. */
  weight: number;
  /** Who switched it off, or lets it drain; "" otherwise. */
  by: string;
  /** "disabled by olga: a new GPU"; "" while it gets work. */
  reason: string;
  /** Those of its jobs that you may see, at most 100. Null in `agent_status` messages, which all watchers share. */
  jobs: AgentJob[] | null;
  timestamp: string;
  skills: Skill[];
  samples: AgentMinute[];
  changes: AgentChange[];
}

/**
 * What an agent did in the last `hours`: as a whole, and in samples of so many `seconds`, oldest first.
 *
 * Periods in which it did nothing are left out.
 */
export interface AgentHistory {
  agent_name: string;
  hours: number;
  seconds: number;
  calls: number;
  errors: number;
  p50: number | null;
  p95: number | null;
  samples: AgentMinute[];
}

/** An access token, for requests and sockets, and the refresh token that renews it. */
export interface TokenPair {
  access: string;
  refresh: string;
}

/** The signed-in user, and what the pages may offer them. */
export interface Me {
  username: string;
  can_view_agents: boolean;
  can_change_agents: boolean;
  is_staff: boolean;
}

/** Who is signed in to the admin in this browser. */
export interface AdminUser {
  username: string;
}

/** A recipe that a workflow can be made from. */
export interface PipelineBody {
  name: string;
  title: string;
  description: string;
  stages: string[];
  /** JSON Schema (2020-12) of the input of a new workflow. */
  input_schema: Record<string, unknown>;
  /** Why none can be started now, one sentence each: skills, agents, settings. */
  lacks: string[];
}

/** A workflow as lists show it. */
export interface WorkflowRow {
  id: string;
  pipeline: string;
  title: string;
  owner: string;
  state: WorkflowState;
  /** 0.0-1.0. Never goes back; 1.0 only when completed. */
  progress: number;
  stage: string;
  message: string;
  eta: Eta | null;
  /** Seconds for which it has worked: without waiting, pauses and failures. */
  elapsed: number;
  queue: QueuePlace | null;
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** Link to its poster, or else to its newest frame. */
  poster: string | null;
}

/** A page of workflows. `count` is that of all pages; `next` and `previous` are the URLs of the pages beside it. */
export interface WorkflowPage {
  count: number;
  next: string | null;
  previous: string | null;
  results: WorkflowRow[];
}

/** The id of the new workflow. */
export interface CreatedWorkflow {
  id: string;
}

/** Whether an action was accepted, and why not. `outcome` is "" until it has taken effect. */
export interface ControlAnswer {
  request_id: string;
  status: "accepted" | "rejected";
  reason: string;
  outcome: Outcome | "";
}

/** The coordinator's metrics, as the `coordinator_metrics` message has them. */
export interface CoordinatorMetrics {
  type: "coordinator_metrics";
  total_messages: number;
  total_workflows: number;
  registered_agents: number;
  healthy_agents: number;
  active_workflows: number;
  /** Runners that are alive: nothing is done when there is none. */
  runners: number;
  /** Skills that pipelines need and no living runner serves. */
  unserved_skills: string[];
  /** Agents that a person has switched off; healthy ones, too. */
  disabled_agents: number;
  timestamp: string;
}

/** What idea2video starts from. */
export interface IdeaInput {
  idea: string;
  requirement?: string;
  style?: string;
  scenes?: number;
}

export interface NewIdea2videoWorkflow {
  pipeline: "idea2video";
  input: IdeaInput;
}

/** What script2video starts from: a screenplay or Fountain text. */
export interface ScriptInput {
  script: string;
  requirement?: string;
  style?: string;
}

export interface NewScript2videoWorkflow {
  pipeline: "script2video";
  input: ScriptInput;
}

/** The pipeline and input of a new workflow. */
export type NewWorkflow =
  | NewIdea2videoWorkflow
  | NewScript2videoWorkflow;
