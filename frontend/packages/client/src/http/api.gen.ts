// Made by `manage.py export_protocol` from the bodies that the OpenAPI document describes. Do not edit.

import type { AgentJob, AgentMetrics, AgentState, Duration, Outcome } from "../messages.gen";

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
  /** Left out where it is in a cookie. */
  refresh?: string;
}

/** The password that one has, and the one to have. */
export interface PasswordChange {
  old: string;
  new: string;
}

/** What a token for one workflow is to be good for. */
export interface NewWorkflowToken {
  may?: "watch" | "control";
  /** How long it is to be good, within what the server allows. */
  seconds?: number;
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
  /** Left out where it is in a cookie. */
  refresh: string;
}

/** The signed-in user, and what the pages may offer them. */
export interface Me {
  username: string;
  can_view_agents: boolean;
  can_change_agents: boolean;
  /** Those of all. */
  can_view_workflows: boolean;
  is_staff: boolean;
}

/** Who is signed in to the admin in this browser. */
export interface AdminUser {
  username: string;
}

/** Something that Callboard needs: what it is, whether it works, and how long it took to answer. */
export interface Check {
  kind: string;
  is_ok: boolean;
  /** Null: it did not answer. */
  milliseconds: number | null;
}

/** A process that performs tasks. */
export interface RunnerBody {
  name: string;
  host: string;
  kind: string;
  /** Null: all. */
  skills: string[] | null;
  threads: number;
  /** Attempts that it performs now; more than `threads` where agents wait. */
  running: number;
  is_alive: boolean;
  started_at: string;
  last_seen_at: string;
}

/** The tasks that need one skill, of workflows that are under way. */
export interface SkillQueue {
  skill: string;
  /** Tasks that could begin at once. */
  ready: number;
  running: number;
  /** For how long the one that is ready longest has been so. */
  oldest_seconds: number | null;
}

/** A server process with its sockets; of others as they said last, every heartbeat at least. */
export interface ServerProcess {
  name: string;
  clients: number;
  is_this: boolean;
}

/** The sockets. `clients`, `users`, `rooms` and `watchers` (by the kind of room) are those of the process that answers. */
export interface ConnectionsBody {
  clients: number;
  users: number;
  rooms: number;
  watchers: Record<string, number>;
  processes: ServerProcess[];
}

/** Where the files of artifacts lie. Bytes of the whole file system; null where it is not one (S3). */
export interface StorageBody {
  kind: string;
  free_bytes: number | null;
  total_bytes: number | null;
}

/** The installation at this moment. */
export interface Operations {
  version: string;
  database: Check;
  channel_layer: Check;
  /** "ok", "stopped", "silent", "stuck", "missing" or "unknown"; as in /readyz. */
  runner: string;
  stuck_threads: number;
  runners: RunnerBody[];
  queue: SkillQueue[];
  /** How many there are in each state. */
  workflows: Record<string, number>;
  unserved_skills: string[];
  connections: ConnectionsBody;
  storage: StorageBody;
  timestamp: string;
}

/** A sign-in: where and since when. */
export interface SessionBody {
  id: string;
  /** What its User-Agent says: "Firefox on Linux"; "" where it says nothing. */
  device: string;
  /** At its last use. */
  address: string;
  created_at: string;
  /** When its tokens were last renewed. */
  last_used_at: string;
  /** The one that asks. */
  is_current: boolean;
}

/** A kind of task. The key of a task begins with the name of its step, and has numbers where it is one of a fan-out. */
export interface StepBody {
  name: string;
  stage: string;
  skill: string;
  /** The steps that it takes from: of each the task of the same item. */
  after: string[];
  /** The steps of which it waits for all tasks. */
  after_all: string[];
  /** The step whose output says how many tasks there are of it. */
  each: string | null;
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
  /** The graph of its tasks, in the order of the recipe. */
  steps: StepBody[];
}

/** What a workflow with this input will take. */
export interface Forecast {
  /** Null where there are none, or it cannot be known before. */
  scenes: number | null;
  /** Null where there are none, or it cannot be known before. */
  shots: number | null;
  /** How long the film will be, without its cards. Null where that is not known. */
  film_seconds: number | null;
  /** Until it is ready. Null while too little is known. */
  seconds: Duration | null;
  /** What of the input could not be read as it seems to be meant: sentences, each with its line. */
  remarks: string[];
}

/** The id of the new workflow. */
export interface CreatedWorkflow {
  id: string;
}

/** What the files of a user's workflows and the user's own pictures take, and may take. A file that two workflows share counts for both. */
export interface StoredBytes {
  stored_bytes: number;
  limit_bytes: number;
}

/** Whether an action was accepted, and why not. `outcome` is "" until it has taken effect. */
export interface ControlAnswer {
  request_id: string;
  status: "accepted" | "rejected";
  reason: string;
  outcome: Outcome | "";
}

/** A task that an agent performs, or has failed at: since when, or when, and why. `picture` is its workflow's newest. */
export interface AgentWorkItem {
  workflow_id: string;
  title: string;
  task: string;
  at: string;
  problem: string;
  picture: string | null;
}

/** What an agent does now, the longest first, and has failed at in the last week, the newest first. Of what you may see. */
export interface AgentWork {
  running: AgentWorkItem[];
  failures: AgentWorkItem[];
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

/** All files of a workflow as one ZIP file: a signed link to it, how many they are, and what they take together. */
export interface Archive {
  url: string;
  files: number;
  bytes: number;
}

/** A token for one workflow. `embed_url` shows it in an <iframe>, for as long; null where embedding is switched off. */
export interface WorkflowTokenBody {
  token: string;
  may: "watch" | "control";
  expires_at: string;
  embed_url: string | null;
}

/** A book as plain text: paragraphs with blank lines between them, headings as Markdown ("# Chapter 1"). */
export interface Book {
  text: string;
  title: string;
  author: string;
  chapters: number;
}

/**
 * A file that can be taken along: a signed link to it, and the name that it is saved under.
 *
 * `episode` is null where it is of the whole workflow, otherwise its number, and `title` its title. `bytes` is null where
 * the file is made on the way; of the ZIP file it is what its files take.
 */
export interface Export {
  format: string;
  episode: number | null;
  title: string;
  name: string;
  bytes: number | null;
  url: string;
}

/** All that can be taken along now. */
export interface Exports {
  exports: Export[];
}

/** A picture that was brought, as it is kept: `width` and `height` in pixels. */
export interface PictureBody {
  id: string;
  width: number;
  height: number;
  bytes: number;
}

/** A picture that the maker has brought along: the face of a character, or how the whole film is to look. */
export interface OwnPicture {
  picture: string;
  use: "face" | "style";
  name?: string;
}

/** What idea2video starts from. */
export interface IdeaInput {
  idea: string;
  requirement?: string;
  style?: string;
  /** Speech, ambience and music; without, the film is silent */
  sound?: boolean;
  /** Wide, portrait or square: every shot is staged for it, nothing is cropped */
  format?: "16:9" | "9:16" | "1:1";
  /** Of the shorter side of the picture */
  resolution?: "720p" | "1080p";
  /** In seconds, with its cards, as far as what is said leaves room; 0: as long as it takes */
  seconds?: number;
  /** Pictures of yours, brought to /api/pictures/: the face of a character, by name, or the style of the film */
  pictures?: OwnPicture[];
  scenes?: number;
}

export interface NewIdea2videoWorkflow {
  pipeline: "idea2video";
  input: IdeaInput;
}

/** What script2video starts from: a screenplay or Fountain text. */
export interface ScriptInput {
  /** Fountain, plain text or a Final Draft document; at most 200,000 characters, without markup. */
  script: string;
  requirement?: string;
  style?: string;
  /** Which scenes of it, by their numbers in the script: 12-20, 35. Empty for all. */
  scenes?: string;
  /** Speech, ambience and music; without, the film is silent */
  sound?: boolean;
  /** Wide, portrait or square: every shot is staged for it, nothing is cropped */
  format?: "16:9" | "9:16" | "1:1";
  /** Of the shorter side of the picture */
  resolution?: "720p" | "1080p";
  /** In seconds, with its cards, as far as what is said leaves room; 0: as long as it takes */
  seconds?: number;
  /** Pictures of yours, brought to /api/pictures/: the face of a character, by name, or the style of the film */
  pictures?: OwnPicture[];
}

export interface NewScript2videoWorkflow {
  pipeline: "script2video";
  input: ScriptInput;
}

/** What novel2video starts from: the text of a book, as plain text or Markdown. */
export interface NovelInput {
  novel: string;
  episodes?: number;
  scenes?: number;
  requirement?: string;
  style?: string;
  /** Speech, ambience and music; without, the film is silent */
  sound?: boolean;
  /** Wide, portrait or square: every shot is staged for it, nothing is cropped */
  format?: "16:9" | "9:16" | "1:1";
  /** Of the shorter side of the picture */
  resolution?: "720p" | "1080p";
  /** In seconds, with its cards, as far as what is said leaves room; 0: as long as it takes */
  seconds?: number;
  /** Pictures of yours, brought to /api/pictures/: the face of a character, by name, or the style of the film */
  pictures?: OwnPicture[];
}

export interface NewNovel2videoWorkflow {
  pipeline: "novel2video";
  input: NovelInput;
}

/** The pipeline and input of a new workflow. */
export type NewWorkflow =
  | NewIdea2videoWorkflow
  | NewScript2videoWorkflow
  | NewNovel2videoWorkflow;
