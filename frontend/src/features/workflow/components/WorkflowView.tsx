/** One workflow on one screen: preview, progress and controls, stages, contact sheet, activity. */
import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";

import { taskCount, type Action, type EventMessage, type WorkflowSnapshot } from "@callboard/client";
import { ActivityLog } from "./ActivityLog";
import { ContactSheet } from "./ContactSheet";
import { FinishedPanel } from "./FinishedPanel";
import { VideoPreview } from "./VideoPreview";
import { RunningTasks } from "./RunningTasks";
import type { Storyboard } from "../shots";
import { tasksOf } from "../shots";
import { capitalize, humanize } from "@/shared/formatText";
import { MadeList } from "./MadeList";
import { isFilm, othersOf } from "../results";
import { Questions } from "./Questions";
import { ShowMore } from "./ShowMore";
import { StageList } from "./StageList";
import { StateBadge, stateDisplay } from "@/shared/components/StateBadge";
import { formatDuration } from "@/shared/formatTime";
import tones from "@/shared/components/tone.module.css";
import { useNow } from "@/shared/hooks/useNow";
import { pipelineTitle, startPath } from "@/shared/pipelines";
import { WorkflowControls } from "./WorkflowControls";
import type { ControlNotice, ControlOptions } from "./WorkflowControls";
import { WatcherCount } from "./WatcherCount";
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
      <div className={css.below}>
        <div>
          {isFilm(workflow) && (
            <section aria-label="Contact sheet">
              <h2>Contact sheet</h2>
              <ContactSheet workflow={workflow} boards={boards} />
              {onMoreArtifacts && <ShowMore hidden="Older pictures are left out." onMore={onMoreArtifacts} />}
            </section>
          )}
          <Made workflow={workflow} onMoreArtifacts={onMoreArtifacts} />
        </div>
        <aside className={css.side} aria-label="Background">
          <ActivityLog events={events} />
          <Source workflow={workflow} />
        </aside>
      </div>
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

/** What no contact sheet shows. */
function Made({ workflow, onMoreArtifacts }: Pick<Props, "workflow" | "onMoreArtifacts">) {
  const others = othersOf(workflow);
  if (isFilm(workflow)) {
    if (!others.length) return null;
    return (
      <section className={css.also} aria-label="Also made">
        <h2>Also made</h2>
        <MadeList artifacts={others} />
      </section>
    );
  }
  return (
    <section aria-label="What was made">
      <h2>What was made</h2>
      {others.length > 0 && <MadeList artifacts={others} />}
      {workflow.artifacts.length === 0 && <p className={css.nothing}>Nothing yet.</p>}
      {onMoreArtifacts && <ShowMore hidden="Older files are left out." onMore={onMoreArtifacts} />}
    </section>
  );
}

function Source({ workflow: { input } }: { workflow: WorkflowSnapshot }) {
  const text = input["idea"] ?? input["script"];
  if (typeof text !== "string") return <Wishes input={input} />;
  const wishes = ["style", "requirement"].flatMap((name) => {
    const wish = input[name];
    return typeof wish === "string" && wish ? [{ name, wish }] : [];
  });
  return (
    <details className={`${css.source} ${"script" in input ? css.script : ""}`}>
      <summary>{"script" in input ? "The screenplay it is made from" : "The idea it is made from"}</summary>
      <p>{text}</p>
      {wishes.length > 0 && (
        <dl className={css.facts} style={{ marginTop: 12 }}>
          {wishes.map(({ name, wish }) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name === "style" ? "Style" : "Requirement"}</dt>
              <dd>{wish}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}

/** An input that is not one text: field by field. */
function Wishes({ input }: Pick<WorkflowSnapshot, "input">) {
  const fields = Object.entries(input);
  if (!fields.length) return null;
  return (
    <details className={css.source} open>
      <summary>What it is made from</summary>
      <dl className={css.facts} style={{ marginTop: 12 }}>
        {fields.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{capitalize(humanize(name))}</dt>
            <dd>{wordsOf(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function wordsOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.map(wordsOf).join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
