/**
 * Snapshot + message = next snapshot. Pure; unchanged parts keep their identity, so that React does not render them again.
 *
 * Each kind of event does what its payload's docstring in workflows/events.py says; the samples of tests/contract hold
 * this and its Python twin to it.
 */

import { assertNever } from "./assertNever";
import {
  EVENT_KINDS,
  UNFINISHED_TASK_STATES,
  type ArtifactBody,
  type EventMessage,
  type GrownTask,
  type ProgressMessage,
  type StageBody,
  type TaskBody,
  type TaskState,
  type WatchersMessage,
  type WorkflowSnapshot,
} from "./messages.gen";

/** The messages that change a workflow's snapshot. */
export type SnapshotMessage = EventMessage | ProgressMessage | WatchersMessage;

/** A message that is older than the snapshot changes nothing. The caller makes sure that no event is missing in between. */
export function applyMessage(snapshot: WorkflowSnapshot, message: SnapshotMessage): WorkflowSnapshot {
  switch (message.type) {
    case "watchers":
      return { ...snapshot, watchers: message.watchers };
    case "progress":
      return applyProgress(snapshot, message);
    case "event":
      return applyNumberedEvent(snapshot, message);
    default:
      return assertNever(message);
  }
}

function applyNumberedEvent(snapshot: WorkflowSnapshot, event: EventMessage): WorkflowSnapshot {
  if (event.seq <= snapshot.seq) return snapshot;
  const numbered = { ...snapshot, seq: event.seq };
  return EVENT_KINDS.includes(event.kind) ? applyEvent(numbered, event) : numbered;
}

/** Progress has no seq of its own but that of the newest event it includes: an older one is ignored. */
function applyProgress(snapshot: WorkflowSnapshot, message: ProgressMessage): WorkflowSnapshot {
  if (message.seq < snapshot.seq) return snapshot;
  const { state, stage, eta, elapsed, queue } = message;
  const waiting_for = message.waiting_for ?? null;
  const progress = Math.max(snapshot.progress, message.progress);
  const stages = changeTasks(snapshot.stages, (task) => withTaskProgress(task, message.tasks?.[task.key]));
  return {
    ...snapshot,
    state,
    stage,
    message: message.message,
    eta,
    elapsed,
    queue,
    progress,
    stages,
    waiting_for,
  };
}

function withTaskProgress(task: TaskBody, fraction: number | undefined): TaskBody {
  const isAhead = fraction !== undefined && task.state === "running" && fraction > task.progress;
  return isAhead ? { ...task, progress: fraction } : task;
}

function applyEvent(snapshot: WorkflowSnapshot, event: EventMessage): WorkflowSnapshot {
  switch (event.kind) {
    case "workflow_started":
      return { ...snapshot, state: "running", started_at: event.data.started_at };
    case "workflow_pausing":
      return { ...snapshot, state: "pausing" };
    case "workflow_paused":
      return { ...snapshot, state: "paused" };
    case "workflow_resumed":
      return { ...snapshot, state: "running", error: null, finished_at: null };
    case "workflow_cancelling":
      return { ...snapshot, state: "cancelling" };
    case "workflow_cancelled":
      return {
        ...snapshot,
        state: "cancelled",
        finished_at: event.data.finished_at,
        stages: snapshot.stages.map(cancelStage),
      };
    case "workflow_completed":
      return { ...snapshot, state: "completed", progress: 1, finished_at: event.data.finished_at };
    case "workflow_failed":
      return {
        ...snapshot,
        state: "failed",
        error: event.data.error,
        finished_at: event.data.finished_at,
      };
    case "stage_started":
      return withStageState(snapshot, event.data.stage, "running");
    case "stage_finished":
      return withStageState(snapshot, event.data.stage, event.data.state);
    case "plan_grew":
      return { ...snapshot, stages: snapshot.stages.map((stage) => withGrownTasks(stage, event.data.tasks)) };
    case "task_started": {
      const { agent, attempt, started_at } = event.data;
      const change = { state: "running", agent, attempt, started_at, progress: 0 } as const;
      return withTask(snapshot, event.data.task, { ...change, finished_at: null, error: null });
    }
    case "task_finished": {
      const { agent, attempt, finished_at } = event.data;
      return withTask(snapshot, event.data.task, {
        state: "completed",
        agent,
        attempt,
        finished_at,
        progress: 1,
      });
    }
    case "task_failed": {
      const { attempt, finished_at, error } = event.data;
      return withTask(snapshot, event.data.task, {
        state: "failed",
        attempt,
        finished_at,
        error,
        progress: 0,
      });
    }
    case "task_retrying": {
      const change = { state: "pending", progress: 0, finished_at: null, error: null } as const;
      return withTask(snapshot, event.data.task, change);
    }
    case "artifact_ready":
      return { ...snapshot, artifacts: withArtifact(snapshot.artifacts, event.data.artifact) };
    case "task_stalled": // the progress that follows has it in `waiting_for`
    case "task_resumed":
    case "control_requested":
    case "control_resolved":
      return snapshot;
    default:
      return assertNever(event);
  }
}

function withStageState(snapshot: WorkflowSnapshot, name: string, state: TaskState): WorkflowSnapshot {
  const stages = snapshot.stages.map((stage) => (stage.name === name ? { ...stage, state } : stage));
  return { ...snapshot, stages };
}

function withTask(snapshot: WorkflowSnapshot, key: string, change: Partial<TaskBody>): WorkflowSnapshot {
  const stages = changeTasks(snapshot.stages, (task) => (task.key === key ? { ...task, ...change } : task));
  return { ...snapshot, stages };
}

function changeTasks(stages: StageBody[], change: (task: TaskBody) => TaskBody): StageBody[] {
  return stages.map((stage) => {
    const tasks = stage.tasks.map(change);
    return tasks.some((task, index) => task !== stage.tasks[index]) ? withTasks(stage, tasks) : stage;
  });
}

/** A stage's progress is the mean of its tasks'. */
function withTasks(stage: StageBody, tasks: TaskBody[]): StageBody {
  const sum = tasks.reduce((total, task) => total + task.progress, 0);
  return { ...stage, tasks, progress: Math.round((sum / Math.max(tasks.length, 1)) * 10_000) / 10_000 };
}

function withGrownTasks(stage: StageBody, newTasks: GrownTask[]): StageBody {
  const added = newTasks
    .filter((each) => each.stage === stage.name)
    .toSorted((a, b) => a.position - b.position);
  if (added.length === 0) return stage;
  const tasks = added.reduce((all, { position, task }) => all.toSpliced(position, 0, task), stage.tasks);
  return withTasks(stage, tasks);
}

function cancelStage(stage: StageBody): StageBody {
  const tasks = stage.tasks.map((task): TaskBody =>
    UNFINISHED_TASK_STATES.includes(task.state) ? { ...task, state: "cancelled", progress: 0 } : task,
  );
  return {
    ...withTasks(stage, tasks),
    state: UNFINISHED_TASK_STATES.includes(stage.state) ? "cancelled" : stage.state,
  };
}

/** Replaces an artifact of the same task and name, which is an older version of it. */
function withArtifact(artifacts: ArtifactBody[], ready: ArtifactBody): ArtifactBody[] {
  const index = artifacts.findIndex((each) => each.task === ready.task && each.name === ready.name);
  return index === -1 ? [...artifacts, ready] : artifacts.with(index, ready);
}
