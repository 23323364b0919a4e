import { Button, Skeleton } from "@mantine/core";
import { IconMovieOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link, useParams } from "react-router";

import { PageMessage } from "@/shared/components/PageMessage";
import { percent } from "@/shared/components/ProgressBar";
import { capitalize } from "@/shared/formatText";
import { stateDisplay } from "@/shared/components/StateBadge";
import type { ControlNotice } from "./components/WorkflowControls";
import { WorkflowView } from "./components/WorkflowView";
import { useActivity } from "./hooks/useActivity";
import { useControl } from "./hooks/useControl";
import type { ControlReport } from "./hooks/useControl";
import { useWebSocket } from "@/shared/hooks/useWebSocket";
import { useMoreArtifacts } from "./hooks/useMoreArtifacts";
import { useMoreTasks } from "./hooks/useMoreTasks";
import { useWorkflow } from "./hooks/useWorkflow";
import type { Action, WorkflowSnapshot } from "@callboard/client";
import { useFavicon } from "@/shared/hooks/useFavicon";
import { useStoryboards } from "./hooks/useStoryboards";
import { WorkflowFooter } from "./WorkflowFooter";

export function WorkflowPage() {
  const { id = "" } = useParams();
  const { snapshot, error, isStale, lastUpdateAt } = useWorkflow(id);
  if (error && (!snapshot || error.type === "TargetNotFound")) {
    return (
      <PageMessage
        Icon={IconMovieOff}
        title={snapshot ? "This workflow was deleted" : "There is no such workflow"}
        text={
          snapshot
            ? `“${snapshot.title}” is gone, with its film and its history.`
            : "It does not exist, or it belongs to another user."
        }
      >
        <Button component={Link} to="/workflows">
          To your workflows
        </Button>
      </PageMessage>
    );
  }
  if (!snapshot) return <Loading />;
  return <Loaded key={id} workflow={snapshot} isStale={isStale} lastUpdateAt={lastUpdateAt} />;
}

interface LoadedProps {
  workflow: WorkflowSnapshot;
  isStale: boolean;
  lastUpdateAt: number | null;
}

function Loaded({ workflow, isStale, lastUpdateAt }: LoadedProps) {
  const boards = useStoryboards(workflow.artifacts);
  const events = useActivity(workflow.id);
  const { send, pending, lastResult } = useControl(workflow.id);
  const moreTasks = useMoreTasks(workflow.id);
  const moreArtifacts = useMoreArtifacts(workflow.id);
  const requested = pending.at(-1) ?? null;
  const report = useAutoHide(lastResult);
  const { state } = useWebSocket();
  useFavicon(workflow.finished_at === null ? workflow.progress : null, stateDisplay(workflow.state).tone);
  return (
    <>
      <title>{`${tabTitle(workflow)} – Callboard`}</title>
      <WorkflowView
        workflow={workflow}
        boards={boards}
        events={events}
        watchers={state === "live" && !isStale ? workflow.watchers : null}
        isStale={isStale}
        lastUpdateAt={lastUpdateAt}
        pending={requested}
        notice={isVisibleInState(workflow, requested) ? null : noticeOf(requested, report)}
        onControl={(action, options) => void send(action, options)}
        onMoreTasks={moreTasks}
        onMoreArtifacts={workflow.artifacts_folded && !moreArtifacts.isComplete ? moreArtifacts.load : null}
      />
      <WorkflowFooter workflow={workflow} />
    </>
  );
}

function tabTitle(workflow: WorkflowSnapshot): string {
  if (workflow.state === "running") return `${percent(workflow.progress)} % · ${workflow.title}`;
  return `${stateDisplay(workflow.state).label} · ${workflow.title}`;
}

const SHOWN_MS = 8000;

/** Hides a success after a while; a refusal stays until the next request. */
function useAutoHide(report: ControlReport | null): ControlReport | null {
  const [hidden, setHidden] = useState<ControlReport | null>(null);
  useEffect(() => {
    if (report?.outcome !== "applied" && report?.outcome !== "no_op") return undefined;
    const timer = setTimeout(() => setHidden(report), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [report]);
  return report === hidden ? null : report;
}

/** The state already shows that the request was accepted, and what it waits for. */
function isVisibleInState({ state }: WorkflowSnapshot, requested: Action | null): boolean {
  return (requested === "pause" && state === "pausing") || (requested === "cancel" && state === "cancelling");
}

function noticeOf(requested: Action | null, report: ControlReport | null): ControlNotice | null {
  if (requested)
    return {
      text: `${capitalize(requested)} was requested. Waiting for it to take effect.`,
      tone: "wait",
    };
  if (!report) return null;
  const action = capitalize(report.action);
  switch (report.outcome) {
    case "applied":
      return { text: `${action} took effect.`, tone: "ok" };
    case "no_op":
      return {
        text: `Nothing to do: the workflow is already in this state.${because(report)}`,
        tone: "mute",
      };
    case "superseded":
      return { text: `${action} was superseded by another request.${because(report)}`, tone: "wait" };
    case "rejected":
    case "failed":
    case "abandoned":
    default:
      return { text: `${action} was refused.${because(report)}`, tone: "bad" };
  }
}

function because({ reason }: ControlReport): string {
  return reason ? ` ${reason}` : "";
}

function Loading() {
  return (
    <div aria-busy="true" aria-label="Loading the workflow">
      <Skeleton height={34} width="50%" mb={24} />
      <Skeleton style={{ aspectRatio: "16 / 8" }} mb={18} />
      <Skeleton height={76} />
    </div>
  );
}
