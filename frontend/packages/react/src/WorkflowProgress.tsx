import type { WorkflowSnapshot, WorkflowState } from "@callboard/client";
import { formatEta, formatSeconds } from "./formatTime";
import { percent, ProgressBar, type Tone } from "./ProgressBar";

type Shown = Pick<
  WorkflowSnapshot,
  "title" | "state" | "progress" | "stage" | "message" | "eta" | "elapsed" | "waiting_for" | "error"
>;

interface Props {
  /** A snapshot, as from `useWorkflow`. */
  workflow: Shown;
  /** Not connected: what is shown may be out of date, and says so. */
  isStale?: boolean;
}

const STATES: Record<WorkflowState, { label: string; tone: Tone }> = {
  pending: { label: "Waiting", tone: "mute" },
  running: { label: "Running", tone: "accent" },
  pausing: { label: "Pausing", tone: "wait" },
  paused: { label: "Paused", tone: "wait" },
  cancelling: { label: "Cancelling", tone: "mute" },
  cancelled: { label: "Cancelled", tone: "mute" },
  completed: { label: "Completed", tone: "ok" },
  failed: { label: "Failed", tone: "bad" },
};

/** A workflow in a few lines, to embed: its state, how far it is, and what it does or waits for. */
export function WorkflowProgress({ workflow, isStale = false }: Props) {
  const { label, tone } = STATES[workflow.state];
  return (
    <section className="callboard callboard-workflow" aria-label={workflow.title} data-tone={tone}>
      <header>
        <strong>{workflow.title}</strong>
        <span className="callboard-state">{label}</span>
      </header>
      <ProgressBar value={workflow.progress} label={`Progress of ${workflow.title}`} tone={tone} height={8} />
      <p>
        <span>{percent(workflow.progress)} %</span>
        <span>{sentenceOf(workflow)}</span>
        <span>{timeOf(workflow)}</span>
      </p>
      {isStale && <output>Not connected: this may be out of date.</output>}
    </section>
  );
}

/** What it does, or what it waits for: never that it runs when nothing can move. */
function sentenceOf({ state, stage, message, waiting_for, error }: Shown): string {
  if (error) return error.message;
  if (waiting_for) return waiting_for.text;
  return state === "running" ? [stage, message].filter(Boolean).join(": ") : "";
}

function timeOf({ state, eta, elapsed, waiting_for }: Shown): string {
  if (state === "completed") return `made in ${formatSeconds(elapsed)}`;
  return state === "running" && eta && !waiting_for ? formatEta(eta) : "";
}
