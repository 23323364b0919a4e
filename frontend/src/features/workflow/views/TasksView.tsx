/** All tasks, stage by stage; those of a stage are shown when it is opened. `?stage=` in the address opens one. */
import { IconChevronRight } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";

import { itemNames, type ItemNames, type StageBody, taskCount } from "@callboard/client";
import { StateBadge } from "@/shared/components/StateBadge";
import { ShowMore } from "../components/ShowMore";
import { stageState } from "../components/StageList";
import { TaskList } from "../components/TaskList";
import css from "./TasksView.module.css";
import type { ViewProps } from "./viewProps";

export default function TasksView({ workflow, onMoreTasks, onRetryTask }: ViewProps) {
  const [parameters] = useSearchParams();
  const wanted = parameters.get("stage") ?? busiestOf(workflow.stages);
  const names = itemNames(workflow);
  return (
    <section aria-label="Tasks">
      {workflow.stages.map((stage) => (
        <Stage
          // Asked for once more, it opens once more.
          key={`${stage.name} ${stage.name === wanted ? "wanted" : ""}`}
          stage={stage}
          state={stageState(stage, workflow.state)}
          isWanted={stage.name === wanted}
          isAskedFor={stage.name === parameters.get("stage")}
          names={names}
          onMoreTasks={onMoreTasks}
          onRetryTask={onRetryTask}
        />
      ))}
    </section>
  );
}

/** Where something failed, or else where something runs. */
function busiestOf(stages: StageBody[]): string | undefined {
  const first = (state: "failed" | "running") => stages.find((stage) => taskCount(stage, state) > 0);
  return (first("failed") ?? first("running"))?.name;
}

interface StageProps extends Pick<ViewProps, "onMoreTasks" | "onRetryTask"> {
  stage: StageBody;
  state: string;
  isWanted: boolean;
  isAskedFor: boolean;
  names: ItemNames;
}

function Stage({ stage, state, isWanted, isAskedFor, names, onMoreTasks, onRetryTask }: StageProps) {
  const [isOpen, setOpen] = useState(isWanted);
  const heading = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAskedFor) heading.current?.scrollIntoView({ block: "nearest" });
  }, [isAskedFor]);
  const total = taskCount(stage);
  const hidden = total - stage.tasks.length;
  return (
    <section className={css.stage} aria-label={`Tasks of ${stage.name}`}>
      <h2 className={css.title}>
        <button
          ref={heading}
          type="button"
          className={css.toggle}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <IconChevronRight size={16} aria-hidden className={isOpen ? css.open : ""} />
          {stage.name}
          <span className={css.count}>
            {total
              ? `${taskCount(stage, "completed").toLocaleString("en")} of ${total.toLocaleString("en")}`
              : "–"}
          </span>
        </button>
        <StateBadge state={state} />
      </h2>
      {isOpen && (
        <div className={css.tasks}>
          {(stage.tasks.length > 0 || !stage.folded) && (
            <TaskList tasks={stage.tasks} names={names} onRetryTask={onRetryTask} />
          )}
          {hidden > 0 && (
            <ShowMore
              hidden={`${hidden.toLocaleString("en")} more ${hidden === 1 ? "task" : "tasks"}`}
              onMore={() => onMoreTasks(stage.name)}
            />
          )}
        </div>
      )}
    </section>
  );
}
