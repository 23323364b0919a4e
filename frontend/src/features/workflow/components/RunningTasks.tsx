/** The running tasks: agent, task and progress of each. */
import type { WorkflowSnapshot } from "@callboard/client";
import { taskName } from "../describeEvent";
import css from "./RunningTasks.module.css";
import { ProgressBar } from "@/shared/components/ProgressBar";
import { tasksOf } from "../shots";
import { capitalize, humanize } from "@/shared/formatText";

const MAX_SHOWN = 5;

export function RunningTasks({ workflow }: { workflow: WorkflowSnapshot }) {
  const running = tasksOf(workflow).filter((task) => task.state === "running");
  if (!running.length || workflow.finished_at !== null) return null;
  return (
    <section aria-label="Running now">
      <h2 className={css.heading}>Running now</h2>
      <ul className={css.list}>
        {running.slice(0, MAX_SHOWN).map((task) => (
          <li key={task.key} className={css.task}>
            <span className={css.who}>{capitalize(humanize(task.agent))}</span>
            <span className={css.what}>{taskName(task.key)}</span>
            <ProgressBar value={task.progress} label={`Progress of ${taskName(task.key)}`} height={4} />
          </li>
        ))}
        {running.length > MAX_SHOWN && <li className={css.what}>and {running.length - MAX_SHOWN} more</li>}
      </ul>
    </section>
  );
}
