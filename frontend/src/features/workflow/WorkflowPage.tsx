import { Button, Skeleton } from "@mantine/core";
import { IconMovieOff } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { Link, useParams, useSearchParams } from "react-router";

import { PageMessage } from "@/shared/components/PageMessage";
import { percent, useConnection, useWorkflow } from "@callboard/react";
import { stateDisplay } from "@/shared/components/StateBadge";
import { WorkflowView } from "./components/WorkflowView";
import type { ViewProps } from "./views/viewProps";
import { useActivity } from "./hooks/useActivity";
import { useControlNotice } from "./hooks/useControlNotice";
import { useMoreArtifacts } from "./hooks/useMoreArtifacts";
import { useMoreTasks } from "./hooks/useMoreTasks";
import { isMoving, sentenceOf, type WorkflowSnapshot } from "@callboard/client";
import { useServices } from "@/shared/services";
import { useFavicon } from "@/shared/hooks/useFavicon";
import { useStoryboards } from "./hooks/useStoryboards";
import { WorkflowFooter } from "./WorkflowFooter";

const Replay = lazy(() => import("./replay/Replay"));

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
  const { send, requested, notice } = useControlNotice(workflow);
  const moreTasks = useMoreTasks(workflow.id);
  const moreArtifacts = useMoreArtifacts(workflow.id);
  const { api } = useServices();
  const { state } = useConnection();
  const [parameters] = useSearchParams();
  useFavicon(workflow.finished_at === null ? workflow.progress : null, stateDisplay(workflow.state).tone);
  if (parameters.has("at")) return <Past workflow={workflow} events={events} />;
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
        notice={notice}
        onControl={(action, options) => void send(action, options)}
        onMoreTasks={moreTasks}
        onMoreArtifacts={workflow.artifacts_folded && !moreArtifacts.isComplete ? moreArtifacts.load : null}
        takeAlong={async () => (await api.exports(workflow.id)).exports}
      />
      <WorkflowFooter workflow={workflow} />
    </>
  );
}

/** The page as it was at the moment that the address names. */
function Past({ workflow, events }: Pick<ViewProps, "workflow" | "events">) {
  return (
    <>
      <title>{`Replay · ${workflow.title} – Callboard`}</title>
      <Suspense fallback={<Loading />}>
        <Replay workflow={workflow} events={events}>
          {(then, until) => <PastView workflow={then} events={until} />}
        </Replay>
      </Suspense>
    </>
  );
}

function PastView({ workflow, events }: Pick<ViewProps, "workflow" | "events">) {
  return (
    <WorkflowView
      workflow={workflow}
      boards={useStoryboards(workflow.artifacts)}
      events={events}
      watchers={null}
      isStale={false}
      lastUpdateAt={null}
      pending={null}
      notice={null}
      onControl={() => undefined}
      onMoreTasks={() => Promise.resolve()}
      onMoreArtifacts={null}
      takeAlong={null}
    />
  );
}

/** How far it is while it moves, and why it does not. */
function tabTitle(workflow: WorkflowSnapshot): string {
  if (workflow.state === "running" && isMoving(workflow))
    return `${percent(workflow.progress)} % · ${workflow.title}`;
  const isWaiting = workflow.state === "running" || workflow.state === "pending";
  const state = isWaiting ? sentenceOf(workflow, Date.now()) : stateDisplay(workflow.state).label;
  return `${state} · ${workflow.title}`;
}

function Loading() {
  return (
    <section aria-busy="true" aria-label="Loading the workflow">
      <Skeleton height={34} width="50%" mb={24} />
      <Skeleton style={{ aspectRatio: "16 / 8" }} mb={18} />
      <Skeleton height={76} />
    </section>
  );
}
