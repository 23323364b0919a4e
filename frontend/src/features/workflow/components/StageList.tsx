/** The stages side by side, each with its own progress; one opens to show its tasks. */
import { useMediaQuery } from "@mantine/hooks";
import { useId, useState } from "react";
import type { CSSProperties, ReactNode } from "react";

import { taskCount, type StageBody } from "@callboard/client";
import { ProgressBar } from "@/shared/components/ProgressBar";
import css from "./StageList.module.css";
import { StateIcon, stateDisplay } from "@/shared/components/StateBadge";
import { ShowMore } from "./ShowMore";
import { TaskList } from "./TaskList";

interface Props {
  stages: StageBody[];
  onRetryTask?: ((key: string) => void) | undefined;
  /** Fetches more of the tasks that a large workflow leaves out. */
  onMoreTasks: (stage: string) => Promise<void>;
}

export function StageList({ stages, onRetryTask, onMoreTasks }: Props) {
  const [open, setOpen] = useState<string | null>(null);
  const isNarrow = useMediaQuery("(max-width: 62em)");
  const id = useId();
  const shown = stages.find((stage) => stage.name === open);
  const hidden = shown ? taskCount(shown) - shown.tasks.length : 0;
  const tasks = shown && (
    <section className={css.tasks} id={id} aria-label={`Tasks of ${shown.name}`}>
      {(shown.tasks.length > 0 || !shown.folded) && (
        <TaskList tasks={shown.tasks} onRetryTask={onRetryTask} />
      )}
      {hidden > 0 && (
        <ShowMore
          key={shown.name}
          hidden={`${hidden.toLocaleString("en")} more ${hidden === 1 ? "task" : "tasks"}`}
          onMore={() => onMoreTasks(shown.name)}
        />
      )}
    </section>
  );
  return (
    <section aria-label="Stages">
      <ol className={css.list} style={{ "--stages": stages.length } as CSSProperties}>
        {stages.map((stage) => (
          <StageItem
            key={stage.name}
            stage={stage}
            isOpen={stage.name === open}
            panelId={id}
            onToggle={() => setOpen(stage.name === open ? null : stage.name)}
          >
            {isNarrow && stage.name === open && tasks}
          </StageItem>
        ))}
      </ol>
      {!isNarrow && tasks}
    </section>
  );
}

interface ItemProps {
  stage: StageBody;
  isOpen: boolean;
  panelId: string;
  onToggle: () => void;
  children: ReactNode;
}

function StageItem({ stage, isOpen, panelId, onToggle, children }: ItemProps) {
  const finished = taskCount(stage, "completed");
  const total = taskCount(stage);
  const { label, tone } = stateDisplay(stage.state);
  return (
    <li className={css.item}>
      <button
        type="button"
        className={`${css.stage} ${stage.state === "pending" ? css.waiting : ""}`}
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        aria-label={`${stage.name}: ${label}, ${finished} of ${total} tasks done`}
        onClick={onToggle}
      >
        <span className={css.head}>
          <StateIcon state={stage.state} />
          {stage.name}
        </span>
      </button>
      <span className={css.count} aria-hidden>
        {finished}/{total}
      </span>
      <span className={css.bar}>
        <ProgressBar value={stage.progress} label={`Progress of ${stage.name}`} tone={tone} height={4} />
      </span>
      {children}
    </li>
  );
}
