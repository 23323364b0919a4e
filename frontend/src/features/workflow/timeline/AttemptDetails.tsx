/** One attempt in words, with the picture that came of its task. */
import { Link, useSearchParams } from "react-router";

import {
  capitalize,
  formatDuration,
  formatTimeOfDay,
  humanize,
  taskName,
  type WorkflowSnapshot,
} from "@callboard/client";
import { Picture } from "@/shared/components/Picture";
import { withMoment } from "../replay/moment";
import { OUTCOMES, type Attempt } from "./attempts";
import { lookOf } from "./bars";
import css from "./AttemptDetails.module.css";

interface Props {
  attempt: Attempt | undefined;
  workflow: WorkflowSnapshot;
  now: number;
}

export function AttemptDetails({ attempt, workflow, now }: Props) {
  const [parameters] = useSearchParams();
  return (
    <div className={css.details} aria-live="polite">
      {!attempt && (
        <p className={css.hint}>
          Choose an attempt to see what was made, what its agent said, and why it ended.
        </p>
      )}
      {attempt && (
        <>
          <Made attempt={attempt} workflow={workflow} />
          <div>
            <p className={css.title}>
              {capitalize(taskName(attempt.task))}
              {attempt.number > 1 && `, try ${attempt.number}`} · {capitalize(humanize(attempt.agent))}
            </p>
            <p>
              {capitalize(OUTCOMES[lookOf(attempt)])} · {whenOf(attempt, now)}
            </p>
            {attempt.message && <p>“{attempt.message}”</p>}
            {attempt.reason && <p className={css.reason}>{attempt.reason}</p>}
            <Link to={{ search: withMoment(parameters, attempt.seq).toString() }} preventScrollReset>
              Show the page as it was then
            </Link>
          </div>
        </>
      )}
    </div>
  );
}

/** The newest picture of its task. */
function Made({ attempt, workflow }: Pick<Props, "workflow"> & { attempt: Attempt }) {
  const picture = workflow.artifacts.findLast(
    ({ task, media_type }) => task === attempt.task && media_type.startsWith("image/"),
  );
  if (!picture) return null;
  return (
    <div className={css.picture}>
      <Picture image={picture} alt={`Made by ${taskName(attempt.task)}`} fit="contain" width={320} />
    </div>
  );
}

/** "14:03:05 – 14:03:12 (7.0 s)". */
function whenOf({ start, end }: Attempt, now: number): string {
  const time = (moment: number) => formatTimeOfDay(new Date(moment).toISOString());
  const took = formatDuration(Math.max(0, (end ?? now) - start) / 1000);
  return end === null ? `since ${time(start)} (${took})` : `${time(start)} – ${time(end)} (${took})`;
}
