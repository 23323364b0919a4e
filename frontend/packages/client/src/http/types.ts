/** The bodies of the HTTP API under the names that the front end uses; made from the server's own in api.gen.ts. */

import type { ControlRequest, WorkflowState } from "../messages.gen";
import type { Me, PipelineBody, WorkflowPage } from "./api.gen";

export type {
  AdminUser,
  AgentDetail,
  AgentHistory,
  AgentSwitch,
  ControlAnswer,
  CreatedWorkflow,
  NewWorkflow,
  TokenPair,
  WorkflowRow,
} from "./api.gen";
export type User = Me;
export type Pipeline = PipelineBody;
export type Page = Pick<WorkflowPage, "count" | "results">;
export type ControlBody = Omit<ControlRequest, "type" | "workflow_id" | "ref"> & { request_id: string };

export interface WorkflowFilter {
  states?: WorkflowState[];
  /** From 1. */
  page?: number;
}
