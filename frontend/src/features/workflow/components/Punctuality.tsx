/** What was told before the start, and what it took: "said 2–3 min, took 2:41". */
import { formatElapsed, formatRange, type WorkflowSnapshot } from "@callboard/client";
import css from "./WorkflowView.module.css";

export function Punctuality({
  workflow: { estimated, elapsed, finished_at: end },
}: {
  workflow: WorkflowSnapshot;
}) {
  if (!estimated || end === null) return null;
  return (
    <p className={css.punctuality}>
      Said {formatRange(estimated)}, took {formatElapsed(elapsed)}
    </p>
  );
}
