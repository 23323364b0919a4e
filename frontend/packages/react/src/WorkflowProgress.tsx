import {
  besides,
  formatElapsed,
  formatRange,
  formatTimeLeft,
  isMoving,
  sentenceOf,
  stateLabel,
  type WorkflowSnapshot,
} from "@callboard/client";
import { percent, ProgressBar } from "./ProgressBar";
import { stateTone } from "./tones";
import { useNow } from "./useNow";
import { useThrottledText } from "./useThrottledText";

const TIME_LEFT_HOLD_MS = 3000;

interface Props {
  /** A snapshot, as from `useWorkflow`. */
  workflow: WorkflowSnapshot;
  /** Not connected: what is shown may be out of date, and says so; no time left can be told. */
  isStale?: boolean;
  /** Without frame, title and state, and without a sentence after the end: for a page that shows them elsewhere. */
  isBare?: boolean;
  /** The moment that is shown, in ms since 1970; null: now. */
  at?: number | null;
}

/** A workflow, to embed: how far it is, the sentence that says where it stands, and the time that is left. */
export function WorkflowProgress({ workflow, isStale = false, isBare = false, at = null }: Props) {
  const { title, state } = workflow;
  if (isBare)
    return <Progress label="Progress of the whole workflow" {...{ workflow, isStale, isBare, at }} />;
  return (
    <section className="callboard callboard-workflow" aria-label={title} data-tone={stateTone(state)}>
      <header>
        <strong>{title}</strong>
        <span className="callboard-state">{stateLabel(state)}</span>
      </header>
      <Progress label={`Progress of ${title}`} {...{ workflow, isStale, isBare, at }} />
      {isStale && <output>Not connected: this may be out of date.</output>}
    </section>
  );
}

interface ProgressProps extends Required<Props> {
  label: string;
}

function Progress({ workflow, isStale, isBare, label, at }: ProgressProps) {
  const isOver = workflow.finished_at !== null;
  return (
    <div>
      <div className="callboard-figures">
        <span className="callboard-percent">
          {percent(workflow.progress)}
          <small>%</small>
        </span>
        <span className="callboard-times">
          <TimeLeft workflow={workflow} isKnown={!isStale} />
          <span>{workOf(workflow)}</span>
        </span>
      </div>
      <ProgressBar value={workflow.progress} label={label} tone={stateTone(workflow.state)} height={10} />
      {!(isOver && isBare) && <Standing workflow={workflow} isStale={isStale} at={at} />}
    </div>
  );
}

/** Where it stands, in a sentence, and what of it does not move. */
function Standing({ workflow, isStale, at }: Pick<ProgressProps, "workflow" | "isStale" | "at">) {
  const clock = useNow(1000, at === null && Boolean(workflow.waiting_for?.until));
  const now = at ?? clock;
  const aside = besides(workflow, now);
  return (
    <p className="callboard-standing">
      <strong>
        {isStale && "Last known: "}
        {sentenceOf(workflow, now)}
      </strong>
      {aside && <span className="callboard-aside">{aside}</span>}
      {!isStale && isMoving(workflow) && <span className="callboard-detail">{detailOf(workflow)}</span>}
    </p>
  );
}

/** What the agent itself says of its work, if it says anything. */
function detailOf({ message }: WorkflowSnapshot): string {
  return message === "Under way" ? "" : message;
}

function TimeLeft({ workflow, isKnown }: { workflow: WorkflowSnapshot; isKnown: boolean }) {
  const { eta } = workflow;
  const words = isKnown && eta && isMoving(workflow) ? formatTimeLeft(eta) : null;
  const shown = useThrottledText(words, TIME_LEFT_HOLD_MS);
  return words && shown ? <span>{shown}</span> : null;
}

/** The time at work: what it waits and is paused does not count. */
function workOf({ state, started_at, finished_at, elapsed, estimated }: WorkflowSnapshot): string {
  if (started_at === null)
    return estimated
      ? `takes about ${formatRange(estimated)}`
      : finished_at
        ? "never started"
        : "not started yet";
  if (state === "completed") return `took ${formatElapsed(elapsed)}`;
  return `${formatElapsed(elapsed)} of work${finished_at ? "" : " so far"}`;
}
