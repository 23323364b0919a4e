/** Every pipeline, to choose from. */
import { Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "react-router";

import type { Pipeline } from "@callboard/client";
import { PageMessage } from "@/shared/components/PageMessage";
import { startPath } from "@/shared/pipelines";
import css from "./StartPage.module.css";
import { usePipelines } from "./hooks/usePipelines";

export function StartPage() {
  const { pipelines, isLoading, error, refetch } = usePipelines();
  return (
    <>
      <title>Start – Callboard</title>
      <h1 className={css.head}>What shall be made?</h1>
      {isLoading && <Skeleton height={140} aria-label="Loading the pipelines" aria-busy="true" />}
      {error && (
        <PageMessage Icon={IconAlertTriangle} title="The pipelines could not be loaded" text={error.message}>
          <Button onClick={refetch}>Try again</Button>
        </PageMessage>
      )}
      <ul className={css.recipes}>
        {pipelines.map((pipeline) => (
          <Recipe key={pipeline.name} pipeline={pipeline} />
        ))}
      </ul>
    </>
  );
}

function Recipe({ pipeline }: { pipeline: Pipeline }) {
  return (
    <li className={css.recipe}>
      <h2>
        <Link to={startPath(pipeline.name) ?? ""}>{pipeline.title}</Link>
      </h2>
      <p>{pipeline.description}</p>
      <p className={css.stages}>{pipeline.stages.join(" → ")}</p>
      {pipeline.lacks.length > 0 && <p className={css.lacks}>{pipeline.lacks.join(" ")}</p>}
    </li>
  );
}
