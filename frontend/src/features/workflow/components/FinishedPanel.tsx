/** For a completed workflow: downloads, facts, and a link to make another. */
import { Button } from "@mantine/core";
import { IconDownload, IconFileText, IconPlus } from "@tabler/icons-react";
import { Link } from "react-router";

import type { ArtifactBody, WorkflowSnapshot } from "@/realtime/messages.gen";
import { firstOfKind, scenesOf, tasksOf } from "../shots";
import { StateIcon } from "@/shared/components/StateBadge";
import { formatElapsed, secondsBetween } from "@/shared/formatTime";
import css from "./WorkflowView.module.css";

export function FinishedPanel({ workflow }: { workflow: WorkflowSnapshot }) {
  const video = firstOfKind(workflow, "video");
  const captions = firstOfKind(workflow, "captions");
  const script = firstOfKind(workflow, "script");
  return (
    <>
      <p className={css.ready}>
        <StateIcon state="completed" size={24} />
        The video is ready
      </p>
      <Facts workflow={workflow} />
      <div className={`${css.buttons} ${css.spread}`}>
        {video && (
          <Button
            component="a"
            href={downloadUrl(video)}
            download={video.name}
            fullWidth
            size="md"
            leftSection={<IconDownload size={18} aria-hidden />}
          >
            Download the video
          </Button>
        )}
        {captions && <DownloadButton artifact={captions} label="Captions" />}
        {script && <DownloadButton artifact={script} label="Screenplay" />}
        <Button
          component={Link}
          to={`/${workflow.pipeline}`}
          state={{ input: workflow.input }}
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
        >
          Make another
        </Button>
      </div>
    </>
  );
}

function DownloadButton({ artifact, label }: { artifact: ArtifactBody; label: string }) {
  return (
    <Button
      component="a"
      href={downloadUrl(artifact)}
      download={artifact.name}
      variant="default"
      leftSection={<IconFileText size={16} aria-hidden />}
    >
      {label}
    </Button>
  );
}

/** The URL that downloads the file instead of showing it. */
function downloadUrl({ url }: ArtifactBody): string {
  return `${url}${url.includes("?") ? "&" : "?"}download=1`;
}

function Facts({ workflow }: { workflow: WorkflowSnapshot }) {
  const scenes = scenesOf(workflow, []);
  const shots = scenes.reduce((count, scene) => count + scene.shots.length, 0);
  const { started_at: started, finished_at: finished } = workflow;
  return (
    <dl className={css.facts}>
      {started && finished && (
        <>
          <dt>Made in</dt>
          <dd>{formatElapsed(secondsBetween(started, finished))}</dd>
        </>
      )}
      <dt>Scenes</dt>
      <dd>{scenes.length}</dd>
      <dt>Shots</dt>
      <dd>{shots}</dd>
      <dt>Tasks done</dt>
      <dd>{tasksOf(workflow).length}</dd>
    </dl>
  );
}
