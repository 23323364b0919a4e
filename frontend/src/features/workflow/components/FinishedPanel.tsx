/** For a completed workflow: downloads, facts, and a link to make another. */
import { Button } from "@mantine/core";
import { IconDownload, IconFileText, IconFileZip, IconPlus } from "@tabler/icons-react";
import { Link } from "react-router";

import {
  type ArtifactBody,
  formatElapsed,
  formatFilmUsage,
  secondsBetween,
  tasksOf,
  type WorkflowSnapshot,
} from "@callboard/client";
import type { TakeAlong } from "../hooks/useArchive";
import { downloadUrl, isFilm, mediumOf, resultsOf } from "../results";
import type { Medium } from "../results";
import { firstOfKind, scenesOf } from "../shots";
import { startPath } from "@/shared/pipelines";
import { StateIcon } from "@/shared/components/StateBadge";
import facts from "./FinishedPanel.module.css";
import css from "./WorkflowView.module.css";

const NAMES: Record<Medium, string> = {
  audio: "audio",
  image: "picture",
  video: "video",
  text: "text",
  file: "file",
};
const PDF = "application/pdf";
const MOST_RESULTS = 4; // with a button of their own; the list below has all
const MOST_EPISODES = 12; // of which there is no list

interface Props {
  workflow: WorkflowSnapshot;
  /** All files as one; null: not from here. */
  takeAlong: TakeAlong | null;
}

function mostOf(workflow: WorkflowSnapshot): number {
  return isFilm(workflow) ? MOST_EPISODES : MOST_RESULTS;
}

export function FinishedPanel({ workflow, takeAlong }: Props) {
  const results = resultsOf(workflow);
  const [result] = results;
  const another = startPath(workflow.pipeline);
  const captions = firstOfKind(workflow, "subtitles") ?? firstOfKind(workflow, "captions");
  const script = firstOfKind(workflow, "script");
  const storyboard = workflow.artifacts.findLast(
    ({ kind, media_type: type }) => kind === "storyboard" && type === PDF,
  );
  return (
    <>
      <p className={css.ready}>
        <StateIcon state="completed" size={24} />
        {result && results.length === 1 ? `The ${NAMES[mediumOf(result)]} is ready` : "It is ready"}
      </p>
      <Facts workflow={workflow} />
      <div className={css.buttons}>
        {results.slice(0, mostOf(workflow)).map((artifact) => (
          <Button
            key={artifact.id}
            component="a"
            href={downloadUrl(artifact)}
            download={artifact.name}
            fullWidth
            size="md"
            leftSection={<IconDownload size={18} aria-hidden />}
          >
            Download {results.length === 1 ? `the ${NAMES[mediumOf(artifact)]}` : artifact.name}
          </Button>
        ))}
        {captions && <DownloadButton artifact={captions} label="Captions" />}
        {script && <DownloadButton artifact={script} label="Screenplay" />}
        {storyboard && <DownloadButton artifact={storyboard} label="Storyboard (PDF)" />}
        {takeAlong && workflow.artifacts.length > 1 && (
          <Everything takeAlong={takeAlong} isOfFilm={isFilm(workflow)} />
        )}
        {another && (
          <Button
            component={Link}
            to={another}
            state={{ input: workflow.input }}
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            Make another
          </Button>
        )}
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

function Everything({ takeAlong, isOfFilm }: { takeAlong: TakeAlong; isOfFilm: boolean }) {
  return (
    <>
      <Button
        variant="default"
        loading={takeAlong.isPending}
        onClick={takeAlong.download}
        leftSection={<IconFileZip size={16} aria-hidden />}
        title={isOfFilm ? "All files, and the cut for editing programs (OpenTimelineIO)" : "All files"}
      >
        Everything (ZIP)
      </Button>
      {takeAlong.error && <p role="alert">{takeAlong.error}</p>}
    </>
  );
}

function Facts({ workflow }: { workflow: WorkflowSnapshot }) {
  const scenes = scenesOf(workflow, []);
  const shots = scenes.reduce((count, scene) => count + scene.shots.length, 0);
  const { started_at: started, finished_at: finished } = workflow;
  return (
    <dl className={facts.facts}>
      {started && finished && (
        <>
          <dt>Made in</dt>
          <dd>{formatElapsed(secondsBetween(started, finished))}</dd>
        </>
      )}
      {isFilm(workflow) && (
        <>
          <dt>Scenes</dt>
          <dd>{scenes.length}</dd>
          <dt>Shots</dt>
          <dd>{shots}</dd>
        </>
      )}
      <dt>Tasks done</dt>
      <dd>{tasksOf(workflow).length}</dd>
      {workflow.usage && (
        <>
          <dt>Models</dt>
          <dd>{formatFilmUsage(workflow.usage)}</dd>
        </>
      )}
    </dl>
  );
}
