/** Starts a workflow of a pipeline that has no page of its own. */
import { Button, Skeleton } from "@mantine/core";
import { IconMoodPuzzled } from "@tabler/icons-react";
import { Link, useLocation, useParams } from "react-router";

import type { Pipeline } from "@callboard/client";
import { PageMessage } from "@/shared/components/PageMessage";
import { Lacks } from "./components/Lacks";
import { SchemaForm } from "./components/SchemaForm";
import { StartError } from "./components/StartError";
import css from "./components/StartForm.module.css";
import { usePipelines } from "./hooks/usePipelines";
import { useStartWorkflow } from "./hooks/useStartWorkflow";
import { fieldsOf } from "./schemaFields";
import type { Input } from "./drafts";

export function PipelinePage() {
  const { pipeline: name = "" } = useParams();
  const { pipelines, isLoading } = usePipelines();
  const pipeline = pipelines.find((candidate) => candidate.name === name);
  if (pipeline) return <Start key={name} pipeline={pipeline} />;
  if (isLoading) return <Skeleton height={300} aria-label="Loading the form" aria-busy="true" />;
  return (
    <PageMessage
      Icon={IconMoodPuzzled}
      title="There is no such pipeline"
      text="It may have been part of a package that is no longer installed."
    >
      <Button component={Link} to="/start">
        Show all
      </Button>
    </PageMessage>
  );
}

function Start({ pipeline }: { pipeline: Pipeline }) {
  const { start, isStarting, error } = useStartWorkflow(pipeline.name);
  const initial = (useLocation().state as { input?: Input } | null)?.input;
  return (
    <div className={css.page}>
      <title>{`${pipeline.title} – Callboard`}</title>
      <div>
        <h1 style={{ margin: 0 }}>{pipeline.title}</h1>
        <p className={css.intro}>{pipeline.description}</p>
        <Lacks pipeline={pipeline} />
        <StartError error={error} fields={fieldsOf(pipeline.input_schema).map((field) => field.name)} />
        <SchemaForm
          schema={pipeline.input_schema}
          label={pipeline.title}
          initial={initial}
          isSending={isStarting}
          isDisabled={pipeline.lacks.length > 0}
          errors={error?.fields ?? {}}
          onStart={(input) => void start(input)}
        />
      </div>
      <aside className={css.aside} aria-label="What happens then">
        <h2>What happens then</h2>
        <ol className={css.steps}>
          {pipeline.stages.map((stage) => (
            <li key={stage}>
              <strong>{stage}</strong>
            </li>
          ))}
        </ol>
      </aside>
    </div>
  );
}
