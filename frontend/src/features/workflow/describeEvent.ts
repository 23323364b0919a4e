/** Events as sentences for the activity log: one for every kind. Pure. */
import {
  type ArtifactBody,
  capitalize,
  type EventMessage,
  type EventPayloads,
  formatDuration,
  formatUsage,
  humanize,
  type ItemNames,
  taskName,
} from "@callboard/client";
import type { Tone } from "@callboard/react";

export interface Sentence {
  text: string;
  tone: Tone;
  /** Shown only with "Details" on. */
  isDetail: boolean;
}

const OUTCOMES: Record<string, string> = {
  applied: "took effect",
  no_op: "changed nothing",
  failed: "failed",
  superseded: "was superseded by another request",
};
const REASONS: Record<string, string> = {
  error: "after a temporary error",
  paused: "because of the pause",
  lost: "because its worker was lost",
  asked: "on request",
};

/** Shorter work is not worth a figure. */
const LEAST_SECONDS_TOLD = 0.5;

export function describeEvent(event: EventMessage, names?: ItemNames): Sentence {
  const nameOf = (key: string) => taskName(key, names);
  switch (event.kind) {
    case "workflow_started":
      return say("The workflow started", "accent");
    case "workflow_titled":
      return say(`It is called “${event.data.title}”`, "accent");
    case "workflow_pausing":
      return say(pausing(event.data, nameOf), "wait");
    case "workflow_paused":
      return say("Paused: no task is running", "wait");
    case "workflow_resumed":
      return say("Resumed", "accent");
    case "workflow_cancelling":
      return say("Cancelling: running tasks are being stopped", "mute");
    case "workflow_cancelled":
      return say("Cancelled", "mute");
    case "workflow_completed":
      return say("Finished: everything is ready", "ok");
    case "workflow_rerun":
      return say(
        `${event.data.by} made a new workflow of it, anew from ${taskName(event.data.rerun.task)}`,
        "mute",
      );
    case "workflow_failed":
      return say(`Failed: ${event.data.error.message}`, "bad");
    default:
      return describeWork(event, nameOf);
  }
}

type WorkEvent = Exclude<EventMessage, { kind: `workflow_${string}` }>;

type NameOf = (key: string) => string;

function describeWork(event: WorkEvent, nameOf: NameOf): Sentence {
  switch (event.kind) {
    case "stage_started":
      return say(`${event.data.stage} began`, "accent");
    case "stage_finished":
      return event.data.state === "completed"
        ? say(`${event.data.stage} is done`, "ok")
        : say(`${event.data.stage} failed`, "bad");
    case "plan_grew":
      return say(grew(event.data), "mute");
    case "task_started":
      return detail(
        `${capitalize(humanize(event.data.agent))} is at work on ${nameOf(event.data.task)}${tries(event.data.attempt)}`,
      );
    case "task_finished":
      return say(finished(event.data, nameOf), "ok");
    case "task_failed":
      return say(`${nameOf(event.data.task)} failed: ${event.data.error.message}`, "bad");
    case "task_retrying":
      return say(retrying(event.data, nameOf), "wait");
    case "task_stalled":
      return say(
        `${nameOf(event.data.task)} has stalled: no sign of life from ${humanize(event.data.agent)}`,
        "bad",
      );
    case "task_resumed":
      return say(`${nameOf(event.data.task)} goes on`, "ok");
    case "input_required":
      return say(`${capitalize(humanize(event.data.agent))} asks: ${event.data.question}`, "wait");
    case "input_given":
      return say(
        `${capitalize(event.data.by)} answered about ${nameOf(event.data.task)}: ${event.data.answer}`,
        "ok",
      );
    case "artifact_ready":
      return detail(made(event.data.artifact, nameOf));
    case "usage_recorded":
      return detail(
        `${nameOf(event.data.task)}: ${event.data.model} answered (${formatUsage(event.data.usage)} so far)`,
      );
    case "control_requested":
      return say(`${event.data.by} requested: ${asked(event.data, nameOf)}`, "wait");
    case "control_resolved":
      return say(resolved(event.data), event.data.outcome === "failed" ? "bad" : "wait");
    default:
      return unknown(event);
  }
}

/** Without the full stop of some agents, and with the seconds where they say something. */
function finished({ task, message, seconds }: EventPayloads["task_finished"], nameOf: NameOf): string {
  const words = message.replace(/\.$/, "") || `Done: ${nameOf(task)}`;
  return seconds >= LEAST_SECONDS_TOLD ? `${words} (${formatDuration(seconds)})` : words;
}

function pausing({ mode, in_flight: tasks }: EventPayloads["workflow_pausing"], nameOf: NameOf): string {
  if (!tasks.length) return "Pausing: no task is running";
  const flight = tasks.map(nameOf).join(", ");
  return mode === "now" ? `Pausing: stopping ${flight}` : `Pausing: waiting for ${flight}`;
}

function grew({ tasks }: EventPayloads["plan_grew"]): string {
  const stages = [...new Set(tasks.map((grown) => grown.stage))].join(", ");
  return `The plan grew by ${tasks.length} ${tasks.length === 1 ? "task" : "tasks"} (${stages})`;
}

function tries(attempt: number): string {
  return attempt > 1 ? `, try ${attempt}` : "";
}

function retrying(
  { task, reason, delay_seconds: delay, error }: EventPayloads["task_retrying"],
  nameOf: NameOf,
): string {
  const when = delay > 0 ? ` in ${formatDuration(delay)}` : "";
  const why = error ? `: ${error.message}` : ` ${REASONS[reason] ?? ""}`;
  return `${nameOf(task)}: tried again${when}${why}`;
}

function made(artifact: ArtifactBody, nameOf: NameOf): string {
  return `New ${artifact.kind}: ${artifact.name} (${nameOf(artifact.task)})`;
}

function asked({ action, mode, task }: EventPayloads["control_requested"], nameOf: NameOf): string {
  if (action === "pause") return mode === "now" ? "pause now" : "pause when the running tasks are done";
  return task ? `${action} ${nameOf(task)}` : action;
}

function resolved({ action, outcome, by, reason }: EventPayloads["control_resolved"]): string {
  return `${capitalize(action)} by ${by} ${OUTCOMES[outcome] ?? outcome}${reason ? `: ${reason}` : ""}`;
}

function say(text: string, tone: Tone): Sentence {
  return { text: capitalize(text), tone, isDetail: false };
}

function detail(text: string): Sentence {
  return { text: capitalize(text), tone: "mute", isDetail: true };
}

/** For a kind that only a newer server knows. */
function unknown(event: never): Sentence {
  return detail(humanize((event as { kind: string }).kind));
}
