/** The progress of a workflow: percentage, bar, the sentence that says where it stands, time left. */
import type { WorkflowSnapshot } from "@callboard/client";
import { ProgressBar, percent } from "@/shared/components/ProgressBar";
import { stateDisplay } from "@/shared/components/StateBadge";
import { formatElapsed, formatRange, formatTimeLeft } from "@/shared/formatTime";
import { useNow } from "@/shared/hooks/useNow";
import { useThrottledText } from "../hooks/useThrottledText";
import { besides, isMoving, sentenceOf } from "../sentence";
import css from "./WorkflowProgress.module.css";

const TIME_LEFT_HOLD_MS = 3000;

interface Props {
  workflow: WorkflowSnapshot;
  /** Not connected: `workflow` may be out of date, and no time left can be told. */
  isStale: boolean;
}

export function WorkflowProgress({ workflow, isStale }: Props) {
  const isRunning = workflow.state === "running";
  const isOver = workflow.finished_at !== null;
  const now = useNow(1000, Boolean(workflow.waiting_for?.until));
  const aside = besides(workflow, now);
  return (
    <div>
      <div className={css.figures}>
        <span className={css.percent} data-testid="percent">
          {percent(workflow.progress)}
          <small>%</small>
        </span>
        <span className={css.left}>
          <TimeLeft workflow={workflow} isKnown={!isStale} />
          <Elapsed workflow={workflow} />
        </span>
      </div>
      <ProgressBar
        value={workflow.progress}
        label="Progress of the whole workflow"
        tone={isRunning ? "accent" : stateDisplay(workflow.state).tone}
        height={10}
      />
      {!isOver && (
        <p className={css.now}>
          <strong className={css.sentence} data-testid="sentence">
            {isStale && "Last known: "}
            {sentenceOf(workflow, now)}
          </strong>
          {aside && <span className={css.aside}>{aside}</span>}
          {!isStale && isMoving(workflow) && <span className={css.detail}>{detailOf(workflow)}</span>}
        </p>
      )}
    </div>
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
  return words && shown ? <span className={css.line}>{shown}</span> : null;
}

/** The time at work: what it waits and is paused does not count. */
function Elapsed({ workflow }: { workflow: WorkflowSnapshot }) {
  const told = workflow.estimated;
  if (workflow.started_at === null)
    return <span>{told ? `takes about ${formatRange(told)}` : "not started yet"}</span>;
  return <span>{formatElapsed(workflow.elapsed)} of work so far</span>;
}
