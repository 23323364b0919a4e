/** One workflow on one screen: preview, progress with stages and controls, and one of several views. */
import { VisuallyHidden } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { IconHistory } from "@tabler/icons-react";
import { use, type ReactNode } from "react";
import { Link, useSearchParams } from "react-router";

import {
  type Action,
  type EventMessage,
  formatDuration,
  formatFilmUsage,
  formatTimeOfDay,
  humanize,
  runningTasks,
  taskCount,
  type WorkflowSnapshot,
} from "@callboard/client";
import { WorkflowProgress } from "@callboard/react";
import { Announcer } from "./Announcer";
import { FinishedPanel } from "./FinishedPanel";
import { RerunLinks } from "./RerunLinks";
import { VideoPreview } from "./VideoPreview";
import { RunningTasks } from "./RunningTasks";
import type { Storyboard } from "../shots";
import { ProgressStrip } from "./ProgressStrip";
import { Punctuality } from "./Punctuality";
import { Questions } from "./Questions";
import { StageList } from "./StageList";
import type { ListExports } from "../takeAlong";
import { StateBadge, stateDisplay } from "@/shared/components/StateBadge";
import { filmStyle } from "@/shared/filmFormat";
import tones from "@/shared/components/tone.module.css";
import { MomentContext, useIsReplay, useNow } from "@/shared/hooks/useNow";
import { pipelineTitle, startPath } from "@/shared/pipelines";
import { isOffered, WorkflowControls } from "./WorkflowControls";
import type { ControlNotice, ControlOptions } from "./WorkflowControls";
import { ShareButton } from "../share/ShareButton";
import { WatcherCount } from "./WatcherCount";
import { withMoment } from "../replay/moment";
import { WorkflowTabs } from "../views/WorkflowTabs";
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
  /** What can be taken along; null: not from here. */
  takeAlong: ListExports | null;
}

export function WorkflowView(props: Props) {
  const { workflow, boards, events, watchers, pending, notice, onControl, onMoreTasks, onMoreArtifacts } =
    props;
  const moment = use(MomentContext);
  const isReplay = useIsReplay();
  const [parameters, setParameters] = useSearchParams();
  const { ref: panel, entry } = useIntersection();
  const canRetry = !isReplay && isOffered(workflow, "retry") && pending !== "retry";
  const isLive = !isReplay && workflow.finished_at === null;
  return (
    <article aria-label={workflow.title} style={filmStyle(workflow)}>
      <Head workflow={workflow} watchers={watchers} />
      <RerunLinks workflow={workflow} />
      <div className={css.top}>
        <VideoPreview workflow={workflow} takeAlong={props.takeAlong} />
        <section className={css.panel} aria-label="Where it stands" ref={panel}>
          {workflow.state === "completed" ? (
            <>
              <FinishedPanel workflow={workflow} takeAlong={props.takeAlong} />
              <Punctuality workflow={workflow} />
            </>
          ) : (
            <>
              <WorkflowProgress isBare workflow={workflow} isStale={props.isStale} at={moment} />
              <Notes {...props} />
              <Questions workflow={workflow} isPending={pending === "answer"} onControl={onControl} />
              <WorkflowControls workflow={workflow} pending={pending} notice={notice} onControl={onControl} />
              <StageList
                workflow={workflow}
                shown={parameters.get("view") === "tasks" ? parameters.get("stage") : null}
                onShow={(stage) =>
                  setParameters({ view: "tasks", stage }, { replace: true, preventScrollReset: true })
                }
              />
              <ModelsSoFar workflow={workflow} />
            </>
          )}
        </section>
      </div>
      <RunningTasks workflow={workflow} />
      <WorkflowTabs
        workflow={workflow}
        boards={boards}
        events={events}
        onMoreTasks={onMoreTasks}
        onRetryTask={canRetry ? (task) => onControl("retry", { task }) : null}
        onMoreArtifacts={onMoreArtifacts}
      />
      {isLive && entry?.isIntersecting === false && (
        <ProgressStrip workflow={workflow} pending={pending} onControl={onControl} />
      )}
      <Announcer workflow={workflow} events={events} />
    </article>
  );
}

function ModelsSoFar({ workflow: { usage } }: Pick<Props, "workflow">) {
  return usage && <p className={css.punctuality}>Models so far: {formatFilmUsage(usage)}</p>;
}

function Head({ workflow, watchers }: Pick<Props, "workflow" | "watchers">) {
  const isReplay = useIsReplay();
  return (
    <header className={css.head}>
      <div className={css.crumb}>
        <span>
          <Link to="/workflows">Workflows</Link> / {pipelineTitle(workflow.pipeline)}
        </span>
        {!isReplay && workflow.seq > 0 && <ReplayLink />}
        {!isReplay && <ShareButton workflowId={workflow.id} />}
        <WatcherCount count={watchers} />
      </div>
      <h1 className={css.title} tabIndex={-1}>
        {workflow.title}
      </h1>
      <StateBadge state={workflow.state} />
      <VisuallyHidden component="output">{`The workflow is ${stateDisplay(workflow.state).label.toLowerCase()}`}</VisuallyHidden>
    </header>
  );
}

/** To its beginning, as it was. */
function ReplayLink() {
  const [parameters] = useSearchParams();
  return (
    <Link className={css.replay} to={{ search: withMoment(parameters, 1).toString() }} preventScrollReset>
      <IconHistory size={15} aria-hidden /> Replay
    </Link>
  );
}

const SILENCE_MS = 20_000;

/** A note about a failure, a cancellation, a lost connection, or a worker that sends no updates. */
function Notes({ workflow, isStale, lastUpdateAt, pending }: Props) {
  if (workflow.state === "failed") {
    if (pending === "retry") return null; // the error is of yesterday
    return (
      <Note tone="bad" title={workflow.error?.message ?? "Something went wrong."}>
        {failureSummary(workflow)}
      </Note>
    );
  }
  if (workflow.state === "cancelled") return <CancelledNote workflow={workflow} />;
  if (isStale) {
    return (
      <Note tone="wait" title={`This is the last known state${asOf(lastUpdateAt)}.`}>
        Whether the work goes on cannot be known until the connection is back.
      </Note>
    );
  }
  const isToMove = workflow.state === "running" && !workflow.waiting_for;
  return isToMove && lastUpdateAt !== null ? <Silence workflow={workflow} since={lastUpdateAt} /> : null;
}

function CancelledNote({ workflow }: { workflow: WorkflowSnapshot }) {
  const another = startPath(workflow.pipeline);
  return (
    <Note tone="mute" title="This workflow was cancelled.">
      What was finished is below. {another && <Link to={another}>Make another</Link>}
    </Note>
  );
}

function Silence({ workflow, since }: { workflow: WorkflowSnapshot; since: number }) {
  const silence = useNow(1000) - since;
  if (silence < SILENCE_MS) return null;
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

/** ", of 14:03:27". */
function asOf(moment: number | null): string {
  return moment === null ? "" : `, of ${formatTimeOfDay(new Date(moment).toISOString())}`;
}

function failureSummary(workflow: WorkflowSnapshot): string {
  const failed = workflow.stages.reduce((sum, stage) => sum + taskCount(stage, "failed"), 0);
  if (!failed) return "Everything finished is kept. Retry, or start a new workflow.";
  const stage = workflow.stages.find((candidate) => taskCount(candidate, "failed") > 0);
  const what = failed === 1 ? "One task" : `${failed.toLocaleString("en")} tasks`;
  return `${what} of ${stage?.name ?? "it"} failed. Everything finished is kept: a retry only does what is missing.`;
}

function workingAgents(workflow: WorkflowSnapshot): string {
  const running = runningTasks(workflow);
  const names = [...new Set(running.map((task) => humanize(task.agent)))];
  return names.length ? names.join(", ") : "the crew";
}
