/** A workflow in the list: picture, state, progress, and the link to its page. */
import { IconMovie } from "@tabler/icons-react";
import { Link } from "react-router";

import type { WorkflowRow } from "@callboard/client";
import { Picture } from "@/shared/components/Picture";
import { ProgressBar, percent } from "@/shared/components/ProgressBar";
import { StateBadge, stateDisplay } from "@/shared/components/StateBadge";
import { formatTimeAgo, formatElapsed, secondsBetween } from "@/shared/formatTime";
import { pipelineTitle } from "@/shared/pipelines";
import css from "./WorkflowCard.module.css";

interface Props {
  row: WorkflowRow;
  now: number;
}

export function WorkflowCard({ row, now }: Props) {
  const isOver = row.finished_at !== null;
  return (
    <article className={css.card}>
      <Picture
        image={row.poster ? { id: row.poster.split("?")[0] ?? "", url: row.poster } : undefined}
        alt=""
      >
        {!row.poster && (
          <span className={css.blank}>
            <IconMovie size={40} stroke={1.2} aria-hidden />
          </span>
        )}
        <span className={css.badge}>
          <StateBadge state={row.state} />
        </span>
        {!isOver && (
          <span className={css.bar}>
            <ProgressBar
              value={row.progress}
              label={`Progress of ${row.title}`}
              tone={stateDisplay(row.state).tone}
              height={4}
            />
          </span>
        )}
      </Picture>
      <div className={css.body}>
        <h2 className={css.title}>
          <Link to={`/workflows/${row.id}`}>{row.title}</Link>
        </h2>
        <div className={css.foot}>
          <span className={css.message}>{whereItStands(row)}</span>
          <time dateTime={row.created_at}>{formatTimeAgo(row.created_at, now)}</time>
        </div>
      </div>
    </article>
  );
}

function whereItStands(row: WorkflowRow): string {
  if (row.state === "completed" && row.started_at && row.finished_at) {
    return `${pipelineTitle(row.pipeline)} · made in ${formatElapsed(secondsBetween(row.started_at, row.finished_at))}`;
  }
  if (row.state === "cancelled" || row.state === "pending") return pipelineTitle(row.pipeline);
  return `${percent(row.progress)} % · ${row.stage || "Getting ready"}`;
}
