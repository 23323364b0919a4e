/** The attempts of a workflow's log: who tried what, from when until when, and what came of it. Pure. */
import type { EventMessage } from "@callboard/client";

export type Outcome =
  "running" | "completed" | "failed" | "retried" | "lost" | "paused" | "asked" | "cancelled";

export interface Attempt {
  /** Within its workflow. */
  id: string;
  task: string;
  agent: string;
  number: number;
  /** In ms since 1970, like all times here. */
  start: number;
  /** Null while it runs. */
  end: number | null;
  outcome: Outcome;
  /** When it gave no sign of life; of the last one the end is null while it gives none. */
  stalls: { from: number; to: number | null }[];
  /** What its agent said in the end. */
  message: string;
  /** Why it has failed, is tried again, or waits. */
  reason: string;
  /** Its first event. */
  seq: number;
}

/** All attempts, in the order in which they began. */
export function attemptsOf(events: readonly EventMessage[]): Attempt[] {
  const all: Attempt[] = [];
  const running = new Map<string, Attempt>();
  for (const event of events) apply(event, all, running);
  return all;
}

function apply(event: EventMessage, all: Attempt[], running: Map<string, Attempt>): void {
  const at = Date.parse(event.timestamp);
  if (event.kind === "task_started") {
    const attempt = begin(event.data, Date.parse(event.data.started_at), event.seq);
    all.push(attempt);
    running.set(attempt.task, attempt);
    return;
  }
  if (event.kind === "workflow_cancelled") {
    for (const attempt of running.values()) end(attempt, at, "cancelled", "It was cancelled.");
    running.clear();
    return;
  }
  if (!("task" in event.data) || event.kind === "control_requested") return;
  const attempt = running.get(event.data.task);
  if (!attempt) return;
  change(attempt, event, at);
  if (attempt.end !== null) running.delete(attempt.task);
}

function begin(
  { task, agent, attempt }: { task: string; agent: string; attempt: number },
  start: number,
  seq: number,
): Attempt {
  const unknown = { end: null, outcome: "running", stalls: [], message: "", reason: "" } as const;
  return { ...unknown, id: `${task}#${attempt}`, task, agent, number: attempt, start, seq, stalls: [] };
}

function change(attempt: Attempt, event: EventMessage, at: number): void {
  switch (event.kind) {
    case "task_finished":
      end(attempt, Date.parse(event.data.finished_at), "completed", "");
      attempt.message = event.data.message;
      break;
    case "task_failed":
      end(attempt, Date.parse(event.data.finished_at), "failed", event.data.error.message);
      break;
    case "task_retrying":
      end(
        attempt,
        at,
        RETRIES[event.data.reason] ?? "retried",
        event.data.error?.message ?? WHY[event.data.reason] ?? "",
      );
      break;
    case "input_required":
      end(attempt, at, "asked", event.data.question);
      break;
    case "task_stalled":
      attempt.stalls.push({ from: Date.parse(event.data.silent_since), to: null });
      break;
    case "task_resumed":
      endStall(attempt, at);
      break;
    default:
  }
}

const RETRIES: Record<string, Outcome> = {
  error: "retried",
  paused: "paused",
  restart: "paused",
  lost: "lost",
};
const WHY: Record<string, string> = {
  paused: "It was stopped by a pause.",
  restart: "Its server was shut down.",
  lost: "Its process died.",
};

function end(attempt: Attempt, at: number, outcome: Outcome, reason: string): void {
  attempt.end = Math.max(at, attempt.start);
  attempt.outcome = outcome;
  attempt.reason = reason;
  endStall(attempt, attempt.end);
}

function endStall(attempt: Attempt, at: number): void {
  const stall = attempt.stalls.at(-1);
  if (stall && stall.to === null) stall.to = at;
}

/** What the outcomes are called; one that has stalled and still runs is "stalled". */
export const OUTCOMES: Record<Outcome | "stalled", string> = {
  running: "running",
  completed: "completed",
  failed: "failed",
  retried: "failed, tried again",
  lost: "lost: its process died",
  stalled: "stalled: no sign of life",
  paused: "stopped by a pause",
  asked: "asked a question",
  cancelled: "cancelled",
};
