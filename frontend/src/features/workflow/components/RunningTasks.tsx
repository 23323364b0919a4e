/** The running tasks: agent, task and progress of each. */
import {
  capitalize,
  humanize,
  itemNames,
  runningTasks,
  taskName,
  type WorkflowSnapshot,
} from "@callboard/client";
import css from "./RunningTasks.module.css";
import { ProgressBar } from "@callboard/react";

const MAX_SHOWN = 4;

export function RunningTasks({ workflow }: { workflow: WorkflowSnapshot }) {
  const running = runningTasks(workflow);
  if (!running.length || workflow.finished_at !== null) return null;
  const names = itemNames(workflow);
  return (
    <section className={css.running} aria-label="Running now">
      <ul className={css.list}>
        {running.slice(0, MAX_SHOWN).map((task) => (
          <li key={task.key} className={css.task}>
            <span className={css.what}>{capitalize(taskName(task.key, names))}</span>
            <span className={css.who}>
              {humanize(task.agent)}
              {task.attempt > 1 && `, try ${task.attempt}`}
            </span>
            <ProgressBar value={task.progress} label={`Progress: ${taskName(task.key, names)}`} height={4} />
          </li>
        ))}
        {running.length > MAX_SHOWN && <li className={css.who}>and {running.length - MAX_SHOWN} more</li>}
      </ul>
    </section>
  );
}
