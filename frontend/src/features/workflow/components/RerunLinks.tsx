/** Of what a workflow is a rerun, and which later ones reuse its work. */
import { Link } from "react-router";

import { humanize, type Rerun, type WorkflowSnapshot } from "@callboard/client";
import { shotId } from "../shots";
import css from "./RerunLinks.module.css";

const MOST_LINKS = 5;

export function RerunLinks({ workflow }: { workflow: WorkflowSnapshot }) {
  const { rerun_of: earlier, reruns } = workflow;
  if (!earlier && !reruns.length) return null;
  return (
    <div className={css.links}>
      {earlier && (
        <p>
          {capitalizedWhat(earlier)} made anew{because(earlier)}; everything else is that of{" "}
          <Link to={`/workflows/${earlier.workflow_id}`}>the earlier one</Link>.
        </p>
      )}
      {reruns.length > 0 && (
        <p>
          Made again since:{" "}
          {reruns
            .slice(-MOST_LINKS)
            .toReversed()
            .map((rerun, index) => (
              <span key={rerun.workflow_id}>
                {index > 0 && " · "}
                <Link to={`/workflows/${rerun.workflow_id}`}>
                  {whatOf(rerun)}
                  {because(rerun)}
                </Link>
              </span>
            ))}
        </p>
      )}
    </div>
  );
}

function whatOf({ task }: Rerun): string {
  const shot = shotId(task);
  return shot ? `shot ${shot}` : humanize(task.replace("/", " "));
}

function capitalizedWhat(rerun: Rerun): string {
  const what = whatOf(rerun);
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
}

/** " with another take", " with another caption and size". */
function because({ changes }: Rerun): string {
  const names = changes.map(humanize);
  const last = names.pop();
  if (last === undefined) return "";
  return ` with another ${names.length ? `${names.join(", ")} and ${last}` : last}`;
}
