/** One workflow on one screen: preview, progress and controls, stages, and one of several views. */
import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { taskCount, type Action, type EventMessage, type WorkflowSnapshot } from "@callboard/client";
import { FinishedPanel } from "./FinishedPanel";
import { VideoPreview } from "./VideoPreview";
import { RunningTasks } from "./RunningTasks";
import type { Storyboard } from "../shots";
import { tasksOf } from "../shots";
import { humanize } from "@/shared/formatText";
import { Questions } from "./Questions";
import { StageList } from "./StageList";
import { StateBadge, stateDisplay } from "@/shared/components/StateBadge";
import { formatDuration } from "@/shared/formatTime";
import tones from "@/shared/components/tone.module.css";
import { useNow } from "@/shared/hooks/useNow";
import { pipelineTitle, startPath } from "@/shared/pipelines";
import { WorkflowControls } from "./WorkflowControls";
import type { ControlNotice, ControlOptions } from "./WorkflowControls";
import { WatcherCount } from "./WatcherCount";
import { WorkflowTabs } from "../views/WorkflowTabs";
import { WorkflowProgress } from "./WorkflowProgress";
import css from "./WorkflowView.module.css";

interface Props {
  workflow: WorkflowSnapshot;
  boards: Storyboard[];
  events: readonly EventMessage[];
  /** Not connected: `workflow` may be out of date. */
  isStale: boolean;
  /** When the workflow last sent an update, in ms since 1970. */
  lastUpdateAt: number | null;
  /** How many connections watch it, this page included; null: unknown. */
  watchers: number | null;
  pending: Action | null;
  notice: ControlNotice | null;
  onControl: (action: Action, options?: ControlOptions) => void;
  /** Fetches more tasks of a stage that are not in `workflow`. */
  onMoreTasks: (stage: string) => Promise<void>;
  /** Fetches the artifacts that are not in `workflow`; null: all are. */
  onMoreArtifacts: (() => Promise<void>) | null;
}

export function WorkflowView(props: Props) {
  const { workflow, boards, events, watchers, pending, notice, onControl, onMoreTasks, onMoreArtifacts } =
    props;
  const canRetry = ["running", "paused", "failed"].includes(workflow.state);
  return (
    <article aria-label={workflow.title}>
      <header className={css.head}>
        <div className={css.crumb}>
          <span>
            <Link to="/workflows">Workflows</Link> / {pipelineTitle(workflow.pipeline)}
          </span>
          <WatcherCount count={watchers} />
        </div>
        <h1 className={css.title}>{workflow.title}</h1>
        <StateBadge state={workflow.state} />
        <VisuallyHidden component="output">{`The workflow is ${stateDisplay(workflow.state).label.toLowerCase()}`}</VisuallyHidden>
      </header>
      <div className={css.top}>
        <VideoPreview workflow={workflow} />
        <section className={css.panel} aria-label="Where it stands">
          {workflow.state === "completed" ? (
            <FinishedPanel workflow={workflow} />
          ) : (
            <>
              <WorkflowProgress workflow={workflow} />
              <Notes {...props} />
              <Questions workflow={workflow} isPending={pending === "answer"} onControl={onControl} />
              <RunningTasks workflow={workflow} />
              <div className={css.spread}>
                <WorkflowControls
                  workflow={workflow}
                  pending={pending}
                  notice={notice}
                  onControl={onControl}
                />
              </div>
            </>
          )}
        </section>
      </div>
      <div className={css.stages}>
        <StageList
          stages={workflow.stages}
          onRetryTask={canRetry ? (task) => onControl("retry", { task }) : undefined}
          onMoreTasks={onMoreTasks}
        />
      </div>
      <WorkflowTabs workflow={workflow} boards={boards} events={events} onMoreArtifacts={onMoreArtifacts} />
    </article>
  );
}

const SILENCE_MS = 20_000;

/** A note about a failure, a cancellation, a lost connection, or a worker that sends no updates. */
function Notes({ workflow, isStale, lastUpdateAt }: Props) {
  const now = useNow(1000, workflow.state === "running");
  const another = startPath(workflow.pipeline);
  if (workflow.state === "failed") {
    return (
      <Note tone="bad" title={workflow.error?.message ?? "Something went wrong."}>
        {failureSummary(workflow)}
      </Note>
    );
  }
  if (workflow.state === "cancelled") {
    return (
      <Note tone="mute" title="This workflow was cancelled.">
        What was finished is below. {another && <Link to={another}>Make another</Link>}
      </Note>
    );
  }
  if (isStale) {
    return (
      <Note tone="wait" title="This is the last known state.">
        The connection is down; the workflow itself continues.
      </Note>
    );
  }
  const silence = lastUpdateAt === null ? 0 : now - lastUpdateAt;
  if (workflow.state !== "running" || silence < SILENCE_MS) return null;
  return (
    <Note
      tone="wait"
      title={`No update from ${workingAgents(workflow)} for ${formatDuration(silence / 1000)}.`}
    >
      The connection is fine. The task takes long, or the agent is stuck: in that case stop it with Pause,
      then resume.
    </Note>
  );
}

function Note({
  tone,
  title,
  children,
}: {
  tone: "bad" | "wait" | "mute";
  title: string;
  children: ReactNode;
}) {
  return (
    <p className={`${css.note} ${tones[tone]}`}>
      <strong>{title}</strong>
      <span>{children}</span>
    </p>
  );
}

function failureSummary(workflow: WorkflowSnapshot): string {
  const failed = workflow.stages.reduce((sum, stage) => sum + taskCount(stage, "failed"), 0);
  if (!failed) return "Everything finished is kept. Retry, or start a new workflow.";
  const stage = workflow.stages.find((candidate) => taskCount(candidate, "failed") > 0);
  const what = failed === 1 ? "One task" : `${failed.toLocaleString("en")} tasks`;
  return `${what} of ${stage?.name ?? "it"} failed. Everything finished is kept: a retry only does what is missing.`;
}

function workingAgents(workflow: WorkflowSnapshot): string {
  const running = tasksOf(workflow).filter((task) => task.state === "running");
  const names = [...new Set(running.map((task) => humanize(task.agent)))];
  return names.length ? names.join(", ") : "the crew";
}
