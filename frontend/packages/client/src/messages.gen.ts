// Made by `manage.py export_protocol` from realtime/wire/messages.py and workflows/events.py. Do not edit.

export type Target = "workflow" | "workflows" | "agent" | "coordinator";

export type WorkflowState = "pending" | "running" | "pausing" | "paused" | "cancelling" | "cancelled" | "completed" | "failed";

export type TaskState = "pending" | "running" | "input_required" | "completed" | "failed" | "cancelled";

export type AgentState = "idle" | "busy" | "error" | "offline";

export type Action = "pause" | "resume" | "cancel" | "retry" | "answer";

export type PauseMode = "drain" | "now";

export type Outcome = "applied" | "no_op" | "failed" | "superseded";

export type RetryReason = "error" | "paused" | "restart" | "lost" | "asked";

export type WaitingKind = "queue" | "agent" | "provider" | "runner" | "input" | "retry";

/** Why something was refused or has failed. */
export type ErrorType =
  | "AgentError"
  | "BudgetReached"
  | "ConnectionLimitExceeded"
  | "CrewNotReady"
  | "DatabaseUnavailable"
  | "ForbiddenOrigin"
  | "HeartbeatLost"
  | "InternalError"
  | "InvalidControl"
  | "InvalidInput"
  | "InvalidMessage"
  | "InvalidTarget"
  | "MethodNotAllowed"
  | "NoThumbnail"
  | "NotAuthenticated"
  | "NotExportable"
  | "NotRegistered"
  | "PermissionDenied"
  | "PictureInUse"
  | "RateLimitExceeded"
  | "ShuttingDown"
  | "StillWorking"
  | "StorageLimitExceeded"
  | "SubscriptionLimitExceeded"
  | "TargetNotFound"
  | "TokenExpired"
  | "TooBusy"
  | "TooManyPictures"
  | "TooManyTasks"
  | "TooManyWorkflows"
  | "TooSlow"
  | "UnknownMessage"
  | "UnknownPipeline"
  | "UnsupportedProtocol"
  | "UserDisabled"
  | "WorkerLost"
  | "WorkflowActive"
  | "WorkflowBroken";

/** The states of a workflow that is not over. */
export const ACTIVE_STATES: readonly WorkflowState[] = ["pending", "running", "pausing", "paused", "cancelling"];

/** The states of a task that a cancel ends. */
export const UNFINISHED_TASK_STATES: readonly TaskState[] = ["pending", "running", "input_required"];

/** The actions that have an effect in each state; a retry needs a failed task, too. */
export const ALLOWED_ACTIONS: Readonly<Record<WorkflowState, readonly Action[]>> = {
  pending: ["pause", "cancel"],
  running: ["pause", "cancel", "retry", "answer"],
  pausing: ["pause", "resume", "cancel", "answer"],
  paused: ["resume", "cancel", "retry", "answer"],
  cancelling: ["cancel"],
  cancelled: [],
  completed: [],
  failed: ["cancel", "retry"],
};

/** Seconds until it starts, in the same way. */
export interface StartsIn {
  p10: number;
  p50: number;
  p90: number;
}

/** How long it takes, in the same way. */
export interface Duration {
  p10: number;
  p50: number;
  p90: number;
}

/** The place among the workflows that wait for their turn, from 1, and when that may come; null: not known. */
export interface QueuePlace {
  position: number;
  starts_in: StartsIn | null;
}

/**
 * Why nothing of a workflow moves, or something of it does not.
 *
 * `text` is a sentence for people. Where it ends with "follows" (a try), `until` says when, for those who count down.
 */
export interface WaitingFor {
  kind: WaitingKind;
  text: string;
  /** When it goes on by itself, where that is known. */
  until: string | null;
  agent: string | null;
  /** The key of the task that waits, or of the first of them. */
  task: string | null;
}

/** The other workflow of two of which one reuses outputs of the other, and the task that was begun anew with. */
export interface Rerun {
  workflow_id: string;
  task: string;
  /** What was done otherwise: `caption`, `style`, `take` … */
  changes: string[];
}

/** What went wrong, for people. */
export interface ErrorBody {
  type: ErrorType;
  message: string;
  retryable: boolean;
}

/** What models took so far: all calls, also those of attempts that failed. */
export interface UsageBody {
  calls: number;
  prompt_tokens: number;
  completion_tokens: number;
  pictures: number;
  video_seconds: number;
  speech_characters: number;
  /** Null where the server knows no prices. */
  cost: number | null;
  /** Of the cost: three letters (ISO 4217). */
  currency: string;
  /** Calls that the cost leaves out: it is not known of them. */
  unpriced_calls: number;
}

/** What models took for a whole workflow so far. `budget`: what it may cost, in the same currency, if that is limited. */
export interface FilmUsage {
  calls: number;
  prompt_tokens: number;
  completion_tokens: number;
  pictures: number;
  video_seconds: number;
  speech_characters: number;
  /** Null where the server knows no prices. */
  cost: number | null;
  /** Of the cost: three letters (ISO 4217). */
  currency: string;
  /** Calls that the cost leaves out: it is not known of them. */
  unpriced_calls: number;
  budget: number | null;
}

/** A task as snapshots show it. */
export interface TaskBody {
  key: string;
  skill: string;
  agent: string;
  state: TaskState;
  progress: number;
  attempt: number;
  started_at: string | null;
  finished_at: string | null;
  error: ErrorBody | null;
  /** What its agent has asked; "" unless it waits for an answer. */
  question: string;
  /** What it is for, by name: "MARA" of a portrait; "" where there is none. */
  title: string;
  /** Null while no model was called for it. */
  usage: UsageBody | null;
}

/**
 * What `tasks` of a stage leaves out. `counts`: all of its tasks by state. `steps`: the skill of each of its steps.
 *
 * A task's key begins with its step. Those that run are never left out.
 */
export interface FoldedTasks {
  counts: Record<string, number>;
  steps: Record<string, string>;
}

/** A stage as snapshots show it. `folded`: null when `tasks` are all of its tasks. */
export interface StageBody {
  name: string;
  state: TaskState;
  progress: number;
  tasks: TaskBody[];
  folded: FoldedTasks | null;
}

/** A task and its stage. */
export interface StageTask {
  stage: string;
  task: TaskBody;
}

/** Some tasks of a workflow, as they were at `seq`. `next`: the cursor of the page after this one, if there is one. */
export interface TaskPage {
  tasks: StageTask[];
  next: string | null;
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
}

/** An artifact as snapshots show it. `url` is signed when it is sent, and never stored. */
export interface ArtifactBody {
  id: string;
  name: string;
  kind: string;
  media_type: string;
  task: string;
  url: string;
}

/** Some artifacts of a workflow. `next`: the cursor of the page after this one, if there is one. */
export interface ArtifactPage {
  artifacts: ArtifactBody[];
  next: string | null;
}

/** A task that was added to the plan, at `position` among the tasks of its stage, from 0. */
export interface GrownTask {
  stage: string;
  position: number;
  task: TaskBody;
}

/** What one client may do. */
export interface Limits {
  subscriptions: number;
  messages_per_minute: number;
}

/**
 * Seconds: in 1 of 10 cases it is less than p10, as likely less as more than p50, in 9 of 10 less than p90.
 *
 * `late` says that it takes longer than 9 of 10 would have.
 */
export interface Eta {
  p10: number;
  p50: number;
  p90: number;
  late: boolean;
}

/** A room as clients name it. */
export interface RoomName {
  target: Target;
  id: string;
}

/** How an agent has been doing. `error_rate` is 0.0-1.0, `avg_execution_time` in seconds. */
export interface AgentMetrics {
  message_count: number;
  error_count: number;
  error_rate: number;
  avg_execution_time: number;
  is_healthy: boolean;
}

/** What an agent can do, in words. */
export interface SkillName {
  id: string;
  name: string;
  description: string;
}

/** What an agent has in hand: a task of a workflow. */
export interface AgentJob {
  workflow_id: string;
  task: string;
}

/** One agent at this moment. `last_error` is "" when nothing went wrong yet. */
export interface AgentStatusBody {
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
  skills: SkillName[];
}

/** The coordinator at this moment. */
export interface CoordinatorMetricsBody {
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
}

/** All that one screen needs of a workflow; exactly what GET /api/workflows/{id}/ returns. */
export interface WorkflowSnapshot {
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
  input: Record<string, unknown>;
  stages: StageBody[];
  artifacts: ArtifactBody[];
  /** Sockets that watch a workflow, in all server processes. */
  watchers: number;
  error: ErrorBody | null;
  waiting_for: WaitingFor | null;
  /** What was told before it started, of `elapsed`. */
  estimated: Duration | null;
  /** The earlier one that it reuses outputs of. */
  rerun_of: Rerun | null;
  /** Later ones of its owner that reuse its outputs; the newest 20. */
  reruns: Rerun[];
  /** Of all its tasks; null while no model was called. */
  usage: FilmUsage | null;
  /** Some artifacts are left out: frames, clips and portraits. */
  artifacts_folded: boolean;
}

/** How far a workflow was when an event was committed: as the `progress` message that was sent then. */
export interface RecordedProgress {
  /** 0.0-1.0. Never goes back; 1.0 only when completed. */
  progress: number;
  stage: string;
  message: string;
  eta: Eta | null;
  /** Seconds for which it has worked: without waiting, pauses and failures. */
  elapsed: number;
  waiting_for: WaitingFor | null;
  tasks: Record<string, number>;
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
  /** Of its files; those that it shares with another run, too. */
  stored_bytes: number;
  /** One of its tasks waits for a person's answer. */
  is_asking: boolean;
}

/** A page of workflows. `count` is that of all pages; `next` and `previous` are the URLs of the pages beside it. */
export interface WorkflowPage {
  count: number;
  next: string | null;
  previous: string | null;
  results: WorkflowRow[];
}

/** The workflow runs. State: running. */
export interface WorkflowStarted {
  started_at: string;
}

/** Nothing new starts; `in_flight` are the tasks that still run (drain) or are being stopped (now). */
export interface WorkflowPausing {
  mode: PauseMode;
  in_flight: string[];
}

/** Nothing of the workflow is running. State: paused. */
export type WorkflowPaused = Record<string, never>;

/** It runs again, after a pause or a retry. Its error and its `finished_at` are gone. */
export type WorkflowResumed = Record<string, never>;

/** What runs is being stopped. */
export interface WorkflowCancelling {
  in_flight: string[];
}

/** The workflow was cancelled. Every unfinished task and stage is cancelled, such a task's progress 0. */
export interface WorkflowCancelled {
  finished_at: string;
}

/** All tasks are completed. Progress: 1.0. */
export interface WorkflowCompleted {
  finished_at: string;
}

/** A task has failed and nothing else can run. State: failed, until a retry. */
export interface WorkflowFailed {
  finished_at: string;
  error: ErrorBody;
}

/** What is made has got a name: the workflow's title from now on. */
export interface WorkflowTitled {
  title: string;
}

/** The first task of the stage began, or it was taken up again. Stage state: running. */
export interface StageStarted {
  stage: string;
}

/** All tasks of the stage ended; none will be added. */
export interface StageFinished {
  stage: string;
  state: "completed" | "failed";
}

/** Tasks were added, now that it is known for what (scenes, characters, shots). */
export interface PlanGrew {
  tasks: GrownTask[];
}

/** An agent took the task. Task state: running; its error and `finished_at` are gone; progress 0. */
export interface TaskStarted {
  task: string;
  agent: string;
  attempt: number;
  started_at: string;
}

/** Done. Task state: completed; progress 1. */
export interface TaskFinished {
  task: string;
  agent: string;
  attempt: number;
  finished_at: string;
  seconds: number;
  message: string;
}

/** The task failed and is not retried automatically. Task state: failed; progress 0. */
export interface TaskFailed {
  task: string;
  attempt: number;
  finished_at: string;
  error: ErrorBody;
}

/**
 * The task goes back to pending, its progress to 0; its `finished_at` and `error` are gone, all else stays.
 *
 * `reason`: "error" (a passing fault; `error` says which), "paused", "restart" (its server is shutting down),
 * "lost" (its process died), "asked" (by a person).
 */
export interface TaskRetrying {
  task: string;
  reason: RetryReason;
  delay_seconds: number;
  error: ErrorBody | null;
}

/** The agent has given no sign of life since `silent_since`. The task still runs; `waiting_for` of the progress says so. */
export interface TaskStalled {
  task: string;
  agent: string;
  attempt: number;
  silent_since: string;
}

/** A stalled task gives signs of life again. */
export interface TaskResumed {
  task: string;
  agent: string;
  attempt: number;
}

/** The agent has asked something. Task state: input_required, until a person answers, or fails it after `until`. */
export interface InputRequired {
  task: string;
  agent: string;
  attempt: number;
  question: string;
  until: string;
}

/** A person has answered. Task state: pending; the next attempt gets the answer. */
export interface InputGiven {
  task: string;
  question: string;
  answer: string;
  by: string;
}

/** An artifact can be opened. It replaces an earlier one of the same task and name. */
export interface ArtifactReady {
  artifact: ArtifactBody;
}

/** A model was called. `usage`: what models took for the task so far, all attempts; `total`: for the workflow. */
export interface UsageRecorded {
  task: string;
  attempt: number;
  model: string;
  usage: UsageBody;
  total: FilmUsage;
}

/** An action was accepted. `why`: the reason that the person gave, or "". */
export interface ControlRequested {
  request_id: string;
  action: Action;
  mode: PauseMode;
  task: string;
  by: string;
  why: string;
}

/** The outcome of an action: applied | no_op | failed | superseded; `state` is that of the workflow then. */
export interface ControlResolved {
  request_id: string;
  action: Action;
  outcome: Outcome;
  state: WorkflowState;
  by: string;
  reason: string;
}

/** Its owner has made a new workflow that reuses its outputs: one more of its `reruns`, of which the newest 20 are kept. */
export interface WorkflowRerun {
  rerun: Rerun;
  by: string;
}

/** The payload of each kind of event. */
export interface EventPayloads {
  workflow_started: WorkflowStarted;
  workflow_pausing: WorkflowPausing;
  workflow_paused: WorkflowPaused;
  workflow_resumed: WorkflowResumed;
  workflow_cancelling: WorkflowCancelling;
  workflow_cancelled: WorkflowCancelled;
  workflow_completed: WorkflowCompleted;
  workflow_failed: WorkflowFailed;
  workflow_titled: WorkflowTitled;
  stage_started: StageStarted;
  stage_finished: StageFinished;
  plan_grew: PlanGrew;
  task_started: TaskStarted;
  task_finished: TaskFinished;
  task_failed: TaskFailed;
  task_retrying: TaskRetrying;
  task_stalled: TaskStalled;
  task_resumed: TaskResumed;
  input_required: InputRequired;
  input_given: InputGiven;
  artifact_ready: ArtifactReady;
  usage_recorded: UsageRecorded;
  control_requested: ControlRequested;
  control_resolved: ControlResolved;
  workflow_rerun: WorkflowRerun;
}

export type EventKind = keyof EventPayloads;

/** All kinds of events. */
export const EVENT_KINDS: readonly EventKind[] = ["workflow_started", "workflow_pausing", "workflow_paused", "workflow_resumed", "workflow_cancelling", "workflow_cancelled", "workflow_completed", "workflow_failed", "workflow_titled", "stage_started", "stage_finished", "plan_grew", "task_started", "task_finished", "task_failed", "task_retrying", "task_stalled", "task_resumed", "input_required", "input_given", "artifact_ready", "usage_recorded", "control_requested", "control_resolved", "workflow_rerun"];

/** An event of one kind. */
export interface EventOf<Kind extends EventKind> {
  type: "event";
  workflow_id: string;
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
  timestamp: string;
  progress?: RecordedProgress | null;
  kind: Kind;
  data: EventPayloads[Kind];
}

/**
 * A durable, numbered fact. `data` is the payload of its kind (workflows/events.py).
 *
 * The last of those that were committed together has `progress`: how far the workflow was then.
 */
export type EventMessage = { [Kind in EventKind]: EventOf<Kind> }[EventKind];

/** You are in. */
export interface WelcomeMessage {
  type: "welcome";
  client_id: string;
  heartbeat_seconds: number;
  limits: Limits;
  token_expires_at: string;
  protocol: "callboard.v1";
  timestamp: string;
}

/** The new token counts. `revoked` are the rooms that it may no longer watch. */
export interface AuthenticatedMessage {
  type: "authenticated";
  token_expires_at: string;
  revoked: RoomName[];
  ref: string | null;
  timestamp: string;
}

/** Renew the token within `expires_in` seconds, or the connection is closed with 4203. */
export interface TokenExpiringMessage {
  type: "token_expiring";
  expires_in: number;
  timestamp: string;
}

/** You watch a workflow. Recovered: the missed events follow; otherwise here is the snapshot. */
export interface SubscribedToWorkflow {
  type: "subscribed";
  id: string;
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
  recovered: boolean;
  snapshot: WorkflowSnapshot | null;
  ref: string | null;
  target: "workflow";
  timestamp: string;
}

/** You watch the list of the workflows that you may see. The snapshot is its first page, the newest first. */
export interface SubscribedToWorkflows {
  type: "subscribed";
  snapshot: WorkflowPage;
  id: string;
  ref: string | null;
  target: "workflows";
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
  recovered: boolean;
  timestamp: string;
}

/** You watch one agent, or with id "*" all of them. */
export interface SubscribedToAgents {
  type: "subscribed";
  id: string;
  snapshot: AgentStatusBody[];
  ref: string | null;
  target: "agent";
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
  recovered: boolean;
  timestamp: string;
}

/** You watch the coordinator. */
export interface SubscribedToCoordinator {
  type: "subscribed";
  snapshot: CoordinatorMetricsBody;
  id: string;
  ref: string | null;
  target: "coordinator";
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
  recovered: boolean;
  timestamp: string;
}

/** You no longer watch this room. */
export interface UnsubscribedMessage {
  type: "unsubscribed";
  target: Target;
  id: string;
  ref: string | null;
  timestamp: string;
}

/** Where a workflow stands now; only the newest counts. `tasks`: the fractions of the running ones, by key. */
export interface ProgressMessage {
  type: "progress";
  workflow_id: string;
  state: WorkflowState;
  /** 0.0-1.0. Never goes back; 1.0 only when completed. */
  progress: number;
  stage: string;
  message: string;
  eta: Eta | null;
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
  waiting_for: WaitingFor | null;
  /** Seconds for which it has worked: without waiting, pauses and failures. */
  elapsed: number;
  queue: QueuePlace | null;
  tasks: Record<string, number>;
  timestamp: string;
  /** How many older ones of the same thing this one replaced on its way. */
  merged: number;
}

/** How an agent is; only the newest of each agent counts. */
export interface AgentStatusMessage {
  type: "agent_status";
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
  skills: SkillName[];
  /** How many older ones of the same thing this one replaced on its way. */
  merged: number;
}

/** How the coordinator is; only the newest counts. */
export interface CoordinatorMetricsMessage {
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
  /** How many older ones of the same thing this one replaced on its way. */
  merged: number;
}

/** How many clients watch a workflow now; only the newest counts. */
export interface WatchersMessage {
  type: "watchers";
  workflow_id: string;
  /** Sockets that watch a workflow, in all server processes. */
  watchers: number;
  timestamp: string;
  /** How many older ones of the same thing this one replaced on its way. */
  merged: number;
}

/** A row of the list: of a new workflow, or of one that has changed. Only the newest of each workflow counts. */
export interface WorkflowListedMessage {
  type: "workflow_listed";
  workflow: WorkflowRow;
  timestamp: string;
  /** How many older ones of the same thing this one replaced on its way. */
  merged: number;
}

/** A workflow was deleted. To those who watch the list, and to those who watch the workflow. */
export interface WorkflowUnlistedMessage {
  type: "workflow_unlisted";
  workflow_id: string;
  timestamp: string;
  /** How many older ones of the same thing this one replaced on its way. */
  merged: number;
}

/** Whether the action was accepted; says nothing of its effect yet. */
export interface ControlAckMessage {
  type: "control_ack";
  request_id: string;
  workflow_id: string;
  action: Action;
  status: "accepted" | "rejected";
  reason: string;
  ref: string | null;
  timestamp: string;
}

/** The action has really taken effect, or not; goes to everyone in the room. */
export interface ControlResultMessage {
  type: "control_result";
  request_id: string;
  workflow_id: string;
  action: Action;
  outcome: Outcome;
  state: WorkflowState;
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
  by: string;
  reason: string;
  timestamp: string;
}

/** Something you asked for cannot be. `retry_after` in seconds. */
export interface ErrorMessage {
  type: "error";
  message: string;
  error_type: ErrorType;
  retryable: boolean;
  retry_after: number | null;
  ref: string | null;
  timestamp: string;
}

/** Are you there? `tops`: the newest seq of each watched workflow, by room ("workflow:<id>"). */
export interface PingMessage {
  type: "ping";
  tops: Record<string, number>;
  timestamp: string;
}

/** The answer to your ping. */
export interface PongMessage {
  type: "pong";
  timestamp: string;
}

/** Several messages in one frame, in order; never nested. */
export interface BatchMessage {
  type: "batch";
  messages: ServerMessage[];
}

export type SubscribedMessage =
  | SubscribedToWorkflow
  | SubscribedToWorkflows
  | SubscribedToAgents
  | SubscribedToCoordinator;

/** The types of all messages of the server. */
export const SERVER_MESSAGE_TYPES: readonly ServerMessage["type"][] = ["welcome", "authenticated", "token_expiring", "subscribed", "unsubscribed", "progress", "event", "agent_status", "coordinator_metrics", "watchers", "workflow_listed", "workflow_unlisted", "control_ack", "control_result", "error", "ping", "pong", "batch"];

/** Everything that the server sends, discriminated by `type`. */
export type ServerMessage =
  | WelcomeMessage
  | AuthenticatedMessage
  | TokenExpiringMessage
  | SubscribedToWorkflow
  | SubscribedToWorkflows
  | SubscribedToAgents
  | SubscribedToCoordinator
  | UnsubscribedMessage
  | ProgressMessage
  | EventMessage
  | AgentStatusMessage
  | CoordinatorMetricsMessage
  | WatchersMessage
  | WorkflowListedMessage
  | WorkflowUnlistedMessage
  | ControlAckMessage
  | ControlResultMessage
  | ErrorMessage
  | PingMessage
  | PongMessage
  | BatchMessage;

/** What the polling fallback answers: events after the one asked for, the present progress, the newest seq. */
export interface EventsPage {
  events: EventMessage[];
  progress: ProgressMessage;
  /** Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first. */
  seq: number;
}

/** Watch a room. `id` is a workflow's id, an agent's name or "*" for all agents; workflows and coordinator need none. */
export interface Subscribe {
  type: "subscribe";
  target: Target;
  /** Workflow id, agent name, or *. */
  id?: string;
  /** The last seq seen; later events are replayed. */
  since?: number | null;
  ref?: string | null;
}

/** Stop watching a room. */
export interface Unsubscribe {
  type: "unsubscribe";
  target: Target;
  id?: string;
  ref?: string | null;
}

/**
 * Ask for an action on a workflow. `mode` matters to pause, `task` to retry ("": all failed ones) and to answer.
 *
 * `answer` is that to the question of `task` ("": of the only one that has a question).
 */
export interface ControlRequest {
  type: "control";
  action: Action;
  workflow_id: string;
  /** The client's own id; the same one again acts once. */
  request_id?: string;
  mode?: PauseMode;
  task?: string;
  answer?: string;
  /** Why a person asks for it, for everyone who watches; kept in the event log. */
  why?: string;
  ref?: string | null;
}

/** The access token: as first message, or later to renew it in place. */
export interface Authenticate {
  type: "authenticate";
  token: string;
  ref?: string | null;
}

/** Are you there? Always answered with a pong. */
export interface ClientPing {
  type: "ping";
}

/** The answer to the server's ping. */
export interface ClientPong {
  type: "pong";
}

/** Everything that a client may send, discriminated by `type`. */
export type ClientMessage =
  | Subscribe
  | Unsubscribe
  | ControlRequest
  | Authenticate
  | ClientPing
  | ClientPong;

/** Why the server closed the connection. */
export const CloseCode = {
  /** Token missing or invalid. Do not reconnect before there is a new one. */
  TOKEN_INVALID: 4001,
  /** Forbidden origin, or the user is disabled. Do not reconnect. */
  FORBIDDEN: 4003,
  /** Unsupported protocol version. Do not reconnect. */
  UNSUPPORTED_PROTOCOL: 4007,
  /** Too slow a reader. Back off, reconnect, recover with `since`. */
  TOO_SLOW: 4101,
  /** Not authenticated in time, or the server could not find out who it was. Back off. */
  NOT_AUTHENTICATED: 4102,
  /** Too many messages in spite of refusals, or too many connections. Back off. */
  RATE_ABUSE: 4129,
  /** Heartbeat lost. Reconnect now. */
  HEARTBEAT_LOST: 4201,
  /** The server is shutting down. Reconnect now, with jitter. */
  SHUTTING_DOWN: 4202,
  /** The token expired. Renew it, reconnect now. */
  TOKEN_EXPIRED: 4203,
  /** A frame was too big. */
  TOO_BIG: 1009,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];
