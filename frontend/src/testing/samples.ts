/** A workflow to test with: two stages, the second not yet planned. */

import type { AgentStatusBody, TaskBody, WorkflowRow, WorkflowSnapshot } from "@callboard/client";

export function task(key: string, change: Partial<TaskBody> = {}): TaskBody {
  const base = { key, skill: "draw", agent: "", state: "pending", progress: 0, attempt: 0 } as const;
  return {
    ...base,
    started_at: null,
    finished_at: null,
    error: null,
    question: "",
    title: "",
    usage: null,
    ...change,
  };
}

export function workflow(change: Partial<WorkflowSnapshot> = {}): WorkflowSnapshot {
  return {
    id: "w1",
    pipeline: "idea2video",
    title: "A lighthouse keeper",
    owner: "alice",
    state: "running",
    progress: 0.25,
    stage: "Script",
    message: "Scene 1",
    eta: null,
    elapsed: 0,
    queue: null,
    seq: 10,
    input: { idea: "A lighthouse keeper" },
    stages: [
      {
        name: "Script",
        state: "running",
        progress: 0,
        tasks: [task("story"), task("scene/1", { state: "running" })],
        folded: null,
      },
      { name: "Frames", state: "pending", progress: 0, tasks: [], folded: null },
    ],
    artifacts_folded: false,
    usage: null,
    artifacts: [],
    watchers: 0,
    error: null,
    waiting_for: null,
    estimated: null,
    rerun_of: null,
    reruns: [],
    created_at: "2026-01-01T00:00:00.000Z",
    started_at: "2026-01-01T00:00:01.000Z",
    finished_at: null,
    ...change,
  };
}

export function agent(agent_name: string, change: Partial<AgentStatusBody> = {}): AgentStatusBody {
  return {
    agent_name,
    status: "idle",
    metrics: {
      message_count: 42,
      error_count: 2,
      error_rate: 0.048,
      avg_execution_time: 1.23,
      is_healthy: true,
    },
    kind: "crew",
    description: "Works.",
    skills: [],
    is_enabled: true,
    enabled: true,
    draining: false,
    weight: 1,
    jobs: null,
    in_flight: 0,
    max_concurrent: 4,
    last_error: "",
    by: "",
    reason: "",
    last_seen_at: null,
    timestamp: "2026-01-01T00:00:00.000Z",
    ...change,
  };
}

/** The row of a workflow in lists. */
export function rowOf(snapshot: WorkflowSnapshot, change: Partial<WorkflowRow> = {}): WorkflowRow {
  const { id, pipeline, title, owner, state, progress, stage, message, eta, elapsed, queue, seq } = snapshot;
  const { created_at, started_at, finished_at } = snapshot;
  const fields = { id, pipeline, title, owner, state, progress, stage, message, eta, elapsed, queue, seq };
  const times = { created_at, started_at, finished_at };
  return { ...fields, ...times, poster: null, stored_bytes: 0, is_asking: false, ...change };
}
