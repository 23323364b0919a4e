/** Who is working on what at this moment. */
import type { WorkflowSnapshot } from "@/realtime/messages.gen";
import { taskName } from "../describeEvent";
import css from "./OnSet.module.css";
import { ProgressBar } from "@/shared/components/ProgressBar";
import { tasksOf } from "../shots";
import { capitalize, humanize } from "@/shared/formatText";

const SHOWN = 5;

export function OnSet({ workflow }: { workflow: WorkflowSnapshot }) {
  const running = tasksOf(workflow).filter((task) => task.state === "running");
  if (!running.length || workflow.finished_at !== null) return null;
  return (
    <section aria-label="On set now">
      <h2 className={css.heading}>On set now</h2>
      <ul className={css.list}>
        {running.slice(0, SHOWN).map((task) => (
          <li key={task.key} className={css.task}>
            <span className={css.who}>{capitalize(humanize(task.agent))}</span>
            <span className={css.what}>{taskName(task.key)}</span>
            <ProgressBar value={task.progress} label={`Progress of ${taskName(task.key)}`} height={4} />
          </li>
        ))}
        {running.length > SHOWN && <li className={css.what}>and {running.length - SHOWN} more</li>}
      </ul>
    </section>
  );
}
