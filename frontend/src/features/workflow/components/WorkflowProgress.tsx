/** The progress of a workflow: percentage, bar, current stage and message, time left. */
import type { WorkflowSnapshot } from "@callboard/client";
import { ProgressBar, percent } from "@/shared/components/ProgressBar";
import { stateDisplay } from "@/shared/components/StateBadge";
import { formatElapsed, secondsBetween, formatTimeLeft } from "@/shared/formatTime";
import { useNow } from "@/shared/hooks/useNow";
import { useThrottledText } from "../hooks/useThrottledText";
import css from "./WorkflowProgress.module.css";

const TIME_LEFT_HOLD_MS = 3000;

export function WorkflowProgress({ workflow }: { workflow: WorkflowSnapshot }) {
  const isRunning = workflow.state === "running";
  const isOver = workflow.finished_at !== null;
  return (
    <div>
      <div className={css.figures}>
        <span className={css.percent} data-testid="percent">
          {percent(workflow.progress)}
          <small>%</small>
        </span>
        <span className={css.left}>
          <TimeLeft workflow={workflow} />
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
          <span className={css.stage}>{workflow.stage || "Getting ready"}</span>
          <span className={css.message}>{workflow.message}</span>
        </p>
      )}
    </div>
  );
}

function TimeLeft({ workflow }: { workflow: WorkflowSnapshot }) {
  const isKnown = workflow.state === "running" && workflow.eta !== null;
  const words = useThrottledText(
    isKnown && workflow.eta ? formatTimeLeft(workflow.eta) : null,
    TIME_LEFT_HOLD_MS,
  );
  return words ? <span style={{ display: "block" }}>{words}</span> : null;
}

function Elapsed({ workflow }: { workflow: WorkflowSnapshot }) {
  const { started_at: started, finished_at: finished } = workflow;
  const now = useNow(1000, started !== null && finished === null);
  if (started === null) return <span>not started yet</span>;
  const seconds = secondsBetween(started, finished ?? now);
  return (
    <span>
      {formatElapsed(seconds)} {finished ? "in all" : "so far"}
    </span>
  );
}
