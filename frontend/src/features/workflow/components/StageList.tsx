/** The stages one below the other, each with its own progress; a click shows the tasks of one. */
import { VisuallyHidden } from "@mantine/core";

import { taskCount, type StageBody, type WorkflowSnapshot } from "@callboard/client";
import { ProgressBar } from "@callboard/react";
import { StateIcon, stateDisplay } from "@/shared/components/StateBadge";
import css from "./StageList.module.css";

interface Props {
  workflow: WorkflowSnapshot;
  /** The stage whose tasks are shown. */
  shown: string | null;
  onShow: (stage: string) => void;
}

export function StageList({ workflow, shown, onShow }: Props) {
  if (!workflow.stages.length) return null;
  return (
    <section className={css.stages} aria-label="Stages">
      <ol className={css.list}>
        {workflow.stages.map((stage) => (
          <li key={stage.name}>
            <StageButton
              stage={stage}
              state={stageState(stage, workflow.state)}
              isShown={stage.name === shown}
              onShow={onShow}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface StageProps {
  stage: StageBody;
  state: string;
  isShown: boolean;
  onShow: Props["onShow"];
}

function StageButton({ stage, state, isShown, onShow }: StageProps) {
  const finished = taskCount(stage, "completed");
  const total = taskCount(stage);
  const { label, tone } = stateDisplay(state);
  const count = total ? `${finished} of ${total} tasks done` : "its tasks are not known yet";
  return (
    <button
      type="button"
      className={`${css.stage} ${state === "pending" ? css.waiting : ""}`}
      aria-pressed={isShown}
      onClick={() => onShow(stage.name)}
    >
      <StateIcon state={state} />
      <span className={css.name}>{stage.name}</span> <VisuallyHidden>{`${label}, ${count}`}</VisuallyHidden>
      <span className={css.bar} aria-hidden>
        <ProgressBar value={stage.progress} label={`Progress of ${stage.name}`} tone={tone} height={4} />
      </span>
      <span className={css.count} aria-hidden>
        {total ? `${finished.toLocaleString("en")}/${total.toLocaleString("en")}` : "–"}
      </span>
    </button>
  );
}

/** A stage that has begun runs only while the workflow does. */
export function stageState(stage: StageBody, workflow: WorkflowSnapshot["state"]): string {
  if (stage.state !== "running" || taskCount(stage, "running") > 0) return stage.state;
  if (workflow === "paused" || workflow === "pausing") return "paused";
  return workflow === "failed" ? "pending" : stage.state;
}
