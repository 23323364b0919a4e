import { Button, Skeleton } from "@mantine/core";
import { IconMovieOff } from "@tabler/icons-react";
import { Link, useParams } from "react-router";

import { PageMessage } from "@/shared/components/PageMessage";
import { percent } from "@/shared/components/ProgressBar";
import { stateDisplay } from "@/shared/components/StateBadge";
import { WorkflowView } from "./components/WorkflowView";
import { useActivity } from "./hooks/useActivity";
import { useControlNotice } from "./hooks/useControlNotice";
import { useWebSocket } from "@/shared/hooks/useWebSocket";
import { useMoreArtifacts } from "./hooks/useMoreArtifacts";
import { useMoreTasks } from "./hooks/useMoreTasks";
import { useWorkflow } from "./hooks/useWorkflow";
import type { WorkflowSnapshot } from "@callboard/client";
import { useStoryboards } from "./hooks/useStoryboards";

export function WorkflowPage() {
  const { id = "" } = useParams();
  const { snapshot, error, isStale, lastUpdateAt } = useWorkflow(id);
  if (error && !snapshot) {
    return (
      <PageMessage
        Icon={IconMovieOff}
        title="There is no such workflow"
        text="It does not exist, or it belongs to another user."
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
  const { state } = useWebSocket();
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
      />
    </>
  );
}

function tabTitle(workflow: WorkflowSnapshot): string {
  if (workflow.state === "running") return `${percent(workflow.progress)} % · ${workflow.title}`;
  return `${stateDisplay(workflow.state).label} · ${workflow.title}`;
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
