/** For a completed workflow: downloads, facts, and a link to make another. */
import { Button } from "@mantine/core";
import { IconDownload, IconPlus } from "@tabler/icons-react";
import { Link } from "react-router";

import {
  formatElapsed,
  formatFilmUsage,
  secondsBetween,
  tasksOf,
  type WorkflowSnapshot,
} from "@callboard/client";
import { downloadUrl, isFilm, isSeries, mediumOf, resultsOf } from "../results";
import type { Medium } from "../results";
import { scenesOf } from "../shots";
import type { ListExports } from "../takeAlong";
import { startPath } from "@/shared/pipelines";
import { StateIcon } from "@/shared/components/StateBadge";
import facts from "./FinishedPanel.module.css";
import { TakeAlong } from "./TakeAlong";
import css from "./WorkflowView.module.css";

const NAMES: Record<Medium, string> = {
  audio: "audio",
  image: "picture",
  video: "video",
  text: "text",
  file: "file",
};
const MOST_RESULTS = 4; // with a button of their own; the list below has all

interface Props {
  workflow: WorkflowSnapshot;
  /** null: not from here. */
  takeAlong: ListExports | null;
}

export function FinishedPanel({ workflow, takeAlong }: Props) {
  const another = startPath(workflow.pipeline);
  return (
    <>
      <p className={css.ready}>
        <StateIcon state="completed" size={24} />
        {readyWords(workflow)}
      </p>
      <Facts workflow={workflow} />
      <div className={css.buttons}>
        <Results workflow={workflow} />
        {takeAlong && workflow.artifacts.length > 1 && (
          <TakeAlong workflowId={workflow.id} list={takeAlong} />
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

function readyWords(workflow: WorkflowSnapshot): string {
  const results = resultsOf(workflow);
  const [result] = results;
  if (result && results.length === 1) return `The ${NAMES[mediumOf(result)]} is ready`;
  return isSeries(workflow) ? `${results.length} episodes are ready` : "It is ready";
}

/** To save what it was made for. Of a series, the list of its episodes does that. */
function Results({ workflow }: Pick<Props, "workflow">) {
  if (isSeries(workflow)) return null;
  const results = resultsOf(workflow);
  return results.slice(0, MOST_RESULTS).map((artifact) => (
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
  ));
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
          {isSeries(workflow) && (
            <>
              <dt>Episodes</dt>
              <dd>{resultsOf(workflow).length}</dd>
            </>
          )}
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
