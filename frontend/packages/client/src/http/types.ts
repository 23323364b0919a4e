/** The bodies of the HTTP API under the names that the front end uses; made from the server's own in api.gen.ts. */

import type { ControlRequest, WorkflowPage, WorkflowState } from "../messages.gen";
import type { Me, PipelineBody } from "./api.gen";

export type {
  AdminUser,
  AgentDetail,
  AgentHistory,
  AgentSwitch,
  ControlAnswer,
  CreatedWorkflow,
  Forecast,
  NewWorkflow,
  StepBody,
  NewWorkflowToken,
  TokenPair,
  WorkflowTokenBody,
  AgentWork,
  AgentWorkItem,
  Book,
  Archive,
  Export,
  Exports,
  Operations,
  OwnPicture,
  PasswordChange,
  PictureBody,
  SessionBody,
  StoredBytes,
} from "./api.gen";
export type User = Me;
export type Pipeline = PipelineBody;
export type Page = Pick<WorkflowPage, "count" | "results">;
export type ControlBody = Omit<ControlRequest, "type" | "workflow_id" | "ref"> & { request_id: string };

/** `with`: what the task and the others of its shot get otherwise, by the names of their inputs. */
export interface RerunBody {
  from: string;
  input?: Record<string, unknown>;
  with?: Record<string, unknown>;
}

/** What a list may be sorted by; with - the other way round, and the newest, last ended or furthest first. */
export type WorkflowSort = `${"" | "-"}${"created_at" | "finished_at" | "title" | "progress"}`;

export interface WorkflowFilter {
  states?: WorkflowState[];
  /** Words of the title or the input. */
  search?: string;
  /** A username. */
  owner?: string;
  sort?: WorkflowSort;
  /** From 1. */
  page?: number;
}
