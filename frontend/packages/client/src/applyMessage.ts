/**
 * Snapshot + message = next snapshot. Pure; unchanged parts keep their identity, so that React does not render them again.
 *
 * Each kind of event does what its payload's docstring in workflows/events.py says; the samples of tests/contract hold
 * this and its Python twin to it.
 *
 * A stage of a large workflow is folded: its `tasks` are only some. Their counts are kept up to date; a task that begins,
 * ends or is retried is added, and those of a plan that grew are counted alone. `addTasks` adds those of a page.
 */

import { assertNever } from "./assertNever";
import {
  EVENT_KINDS,
  UNFINISHED_TASK_STATES,
  type ArtifactBody,
  type ArtifactPage,
  type EventMessage,
  type FoldedTasks,
  type GrownTask,
  type ProgressMessage,
  type RecordedProgress,
  type StageBody,
  type TaskBody,
  type TaskPage,
  type TaskState,
  type UsageBody,
  type WatchersMessage,
  type WorkflowSnapshot,
} from "./messages.gen";

const RERUNS_SHOWN = 20; // of a snapshot

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

/**
 * Adds the tasks of a page that the snapshot lacks. The page's `seq` must not be larger than the snapshot's: of what happened
 * since, the snapshot knows more.
 */
export function addTasks(snapshot: WorkflowSnapshot, page: TaskPage): WorkflowSnapshot {
  const isCancelled = snapshot.state === "cancelled";
  const stages = snapshot.stages.map((stage) => {
    const known = new Set(stage.tasks.map(({ key }) => key));
    const added = page.tasks.filter((each) => each.stage === stage.name && !known.has(each.task.key));
    if (added.length === 0) return stage;
    const tasks = added
      .map(({ task }) => (isCancelled ? cancelTask(task) : task))
      .reduce(insertTask, stage.tasks);
    return { ...stage, tasks };
  });
  return { ...snapshot, stages };
}

/** Adds the artifacts of a page that the snapshot lacks, ahead of its own, which are newer. */
export function addArtifacts(snapshot: WorkflowSnapshot, page: ArtifactPage): WorkflowSnapshot {
  const known = new Set(snapshot.artifacts.map(({ task, name }) => `${task} ${name}`));
  const older = page.artifacts.filter(({ task, name }) => !known.has(`${task} ${name}`));
  return older.length === 0 ? snapshot : { ...snapshot, artifacts: [...older, ...snapshot.artifacts] };
}

function applyNumberedEvent(snapshot: WorkflowSnapshot, event: EventMessage): WorkflowSnapshot {
  if (event.seq <= snapshot.seq) return snapshot;
  const numbered = { ...snapshot, seq: event.seq };
  const changed = EVENT_KINDS.includes(event.kind) ? applyEvent(numbered, event) : numbered;
  return event.progress ? withProgress(changed, event.progress) : changed;
}

/** Progress has no seq of its own but that of the newest event it includes: an older one is ignored. */
function applyProgress(snapshot: WorkflowSnapshot, message: ProgressMessage): WorkflowSnapshot {
  if (message.seq < snapshot.seq) return snapshot;
  const { state, queue } = message;
  return { ...withProgress(snapshot, message), state, queue };
}

function withProgress(snapshot: WorkflowSnapshot, now: ProgressMessage | RecordedProgress): WorkflowSnapshot {
  const { stage, message, eta, elapsed, tasks } = now;
  const isMoved = tasks !== undefined && Object.keys(tasks).length > 0;
  const stages = isMoved
    ? changeTasks(snapshot.stages, (task) => withTaskProgress(task, tasks[task.key]))
    : snapshot.stages;
  const progress = Math.max(snapshot.progress, now.progress);
  return {
    ...snapshot,
    stage,
    message,
    eta,
    elapsed,
    queue: null,
    progress,
    stages,
    waiting_for: now.waiting_for ?? null,
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
    case "workflow_titled":
      return { ...snapshot, title: event.data.title };
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
        question: "",
      });
    }
    case "task_retrying": {
      const change = { state: "pending", progress: 0, finished_at: null, error: null } as const;
      return withTask(snapshot, event.data.task, change);
    }
    case "input_required": {
      const { agent, attempt, question } = event.data;
      const change = { state: "input_required", agent, attempt, question, progress: 0 } as const;
      return withTask(snapshot, event.data.task, { ...change, finished_at: null, error: null });
    }
    case "input_given": {
      const change = { state: "pending", question: "", progress: 0, finished_at: null, error: null } as const;
      return withTask(snapshot, event.data.task, change);
    }
    case "artifact_ready":
      return { ...snapshot, artifacts: withArtifact(snapshot.artifacts, event.data.artifact) };
    case "usage_recorded":
      return {
        ...snapshot,
        usage: event.data.total,
        stages: withUsage(snapshot.stages, event.data.task, event.data.usage),
      };
    case "workflow_rerun":
      return { ...snapshot, reruns: [...snapshot.reruns, event.data.rerun].slice(-RERUNS_SHOWN) };
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

/** What models took for a task that is folded away is told when it is shown again. */
function withUsage(stages: StageBody[], key: string, usage: UsageBody): StageBody[] {
  return stages.map((stage) =>
    stage.tasks.some((task) => task.key === key)
      ? { ...stage, tasks: stage.tasks.map((task) => (task.key === key ? { ...task, usage } : task)) }
      : stage,
  );
}

type Change = Partial<TaskBody> & Pick<TaskBody, "state">;

function withTask(snapshot: WorkflowSnapshot, key: string, change: Change): WorkflowSnapshot {
  return { ...snapshot, stages: snapshot.stages.map((stage) => withChangedTask(stage, key, change)) };
}

function withChangedTask(stage: StageBody, key: string, change: Change): StageBody {
  const known = stage.tasks.find((task) => task.key === key);
  const task = known ?? foldedTask(stage.folded, key, change.state);
  if (!task) return stage;
  const changed = { ...task, ...change };
  const tasks = known
    ? stage.tasks.map((each) => (each === known ? changed : each))
    : insertTask(stage.tasks, changed);
  const folded = stage.folded && moveCount(stage.folded, task.state, change.state, 1);
  return withTasks({ ...stage, folded }, tasks);
}

/** In which state a task was that is folded away: one that runs never is. */
const EARLIER: Partial<Record<TaskState, TaskState>> = {
  running: "pending",
  completed: "running",
  failed: "pending",
  pending: "failed",
  input_required: "running",
};

/** A task of which only its key is known; its next `task_started` brings what is missing. */
function foldedTask(folded: FoldedTasks | null, key: string, becomes: TaskState): TaskBody | undefined {
  const skill = folded?.steps[stepOf(key)];
  if (skill === undefined) return undefined;
  const state = EARLIER[becomes] ?? "pending";
  const unknown = { started_at: null, finished_at: null, error: null, question: "", title: "", usage: null };
  return { key, skill, agent: "", state, progress: 0, attempt: 0, ...unknown };
}

function moveCount(folded: FoldedTasks, from: TaskState, to: TaskState, tasks: number): FoldedTasks {
  const earlier = { ...folded.counts, [from]: Math.max(0, (folded.counts[from] ?? 0) - tasks) };
  return { ...folded, counts: { ...earlier, [to]: (earlier[to] ?? 0) + tasks } };
}

function stepOf(key: string): string {
  return key.split("/", 1)[0] ?? key;
}

/** By scene and shot, as far as the key says it. */
function insertTask(tasks: readonly TaskBody[], task: TaskBody): TaskBody[] {
  const place = pathOf(task.key);
  const index = tasks.findIndex((other) => isAfter(pathOf(other.key), place));
  return tasks.toSpliced(index === -1 ? tasks.length : index, 0, task);
}

function pathOf(key: string): number[] {
  const numbers = key.split("/")[1];
  return numbers ? numbers.split(".").map(Number) : [];
}

/** Whether one path comes after another: number by number, a shorter one first. */
function isAfter(path: number[], other: number[]): boolean {
  const index = path.findIndex((number, at) => number !== other[at]);
  if (index === -1) return false;
  return index >= other.length || (path[index] ?? 0) > (other[index] ?? 0);
}

function changeTasks(stages: StageBody[], change: (task: TaskBody) => TaskBody): StageBody[] {
  return stages.map((stage) => {
    const tasks = stage.tasks.map(change);
    return tasks.some((task, index) => task !== stage.tasks[index]) ? withTasks(stage, tasks) : stage;
  });
}

/** A stage's progress is the mean of its tasks'. Of those that are folded away, only completed ones have any. */
function withTasks(stage: StageBody, tasks: TaskBody[]): StageBody {
  const total = taskCount({ ...stage, tasks });
  const counted = stage.folded ? tasks.filter(({ state }) => state === "running") : tasks;
  const done = counted.reduce((sum, task) => sum + task.progress, stage.folded?.counts["completed"] ?? 0);
  return { ...stage, tasks, progress: Math.round((done / Math.max(total, 1)) * 10_000) / 10_000 };
}

/** How many tasks a stage has, or how many of them are in a state. */
export function taskCount({ tasks, folded }: StageBody, state?: TaskState): number {
  if (folded && state) return folded.counts[state] ?? 0;
  if (folded) return Object.values(folded.counts).reduce((sum, count) => sum + count, 0);
  return state ? tasks.filter((task) => task.state === state).length : tasks.length;
}

function withGrownTasks(stage: StageBody, newTasks: GrownTask[]): StageBody {
  const added = newTasks
    .filter((each) => each.stage === stage.name)
    .toSorted((a, b) => a.position - b.position);
  if (added.length === 0) return stage;
  if (stage.folded)
    return withTasks({ ...stage, folded: added.reduce(countGrown, stage.folded) }, stage.tasks);
  const tasks = added.reduce((all, { position, task }) => all.toSpliced(position, 0, task), stage.tasks);
  return withTasks(stage, tasks);
}

function countGrown({ counts, steps }: FoldedTasks, { task }: GrownTask): FoldedTasks {
  return {
    counts: { ...counts, [task.state]: (counts[task.state] ?? 0) + 1 },
    steps: { ...steps, [stepOf(task.key)]: task.skill },
  };
}

function cancelStage(stage: StageBody): StageBody {
  const cancelCount = (all: FoldedTasks, state: TaskState) =>
    moveCount(all, state, "cancelled", all.counts[state] ?? 0);
  const folded = stage.folded && UNFINISHED_TASK_STATES.reduce(cancelCount, stage.folded);
  return {
    ...withTasks({ ...stage, folded }, stage.tasks.map(cancelTask)),
    state: UNFINISHED_TASK_STATES.includes(stage.state) ? "cancelled" : stage.state,
  };
}

function cancelTask(task: TaskBody): TaskBody {
  return UNFINISHED_TASK_STATES.includes(task.state)
    ? { ...task, state: "cancelled", progress: 0, question: "" }
    : task;
}

/** Replaces an artifact of the same task and name, which is an older version of it. */
function withArtifact(artifacts: ArtifactBody[], ready: ArtifactBody): ArtifactBody[] {
  const index = artifacts.findIndex((each) => each.task === ready.task && each.name === ready.name);
  return index === -1 ? [...artifacts, ready] : artifacts.with(index, ready);
}
