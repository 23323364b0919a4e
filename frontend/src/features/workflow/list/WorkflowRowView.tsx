/** A workflow in the list: picture, title, how far it is and how long it still takes, whose it is, and what it stores. */
import { Checkbox } from "@mantine/core";
import { IconMovie } from "@tabler/icons-react";
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import { Link } from "react-router";

import {
  formatElapsed,
  formatTimeAgo,
  formatTimeLeft,
  rowSentence,
  type WorkflowRow,
} from "@callboard/client";
import { Picture } from "@/shared/components/Picture";
import { ProgressBar, percent } from "@callboard/react";
import { StateBadge, stateDisplay } from "@/shared/components/StateBadge";
import tones from "@/shared/components/tone.module.css";
import { formatBytes } from "@/shared/formatBytes";
import { pipelineTitle } from "@/shared/pipelines";
import type { RowOutcome } from "./useBulk";
import css from "./WorkflowRowView.module.css";

interface Props {
  row: WorkflowRow;
  now: number;
  showsOwner: boolean;
  isChosen: boolean;
  /** The one that Tab leads to. */
  isCurrent: boolean;
  outcome: RowOutcome | undefined;
  onChoose: (isRange: boolean) => void;
  onFocus: () => void;
}

export function WorkflowRowView({
  row,
  now,
  showsOwner,
  isChosen,
  isCurrent,
  outcome,
  onChoose,
  onFocus,
}: Props) {
  const choose = (event: MouseEvent | KeyboardEvent) => onChoose(event.shiftKey);
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a <tr> cannot be laid out anew on a phone
      role="row"
      aria-selected={isChosen}
      tabIndex={isCurrent ? 0 : -1}
      data-workflow={row.id}
      className={`${css.row} ${isChosen ? css.chosen : ""}`}
      onFocus={onFocus}
    >
      <Cell className={css.choice}>
        <Checkbox
          aria-label={`Choose ${row.title}`}
          checked={isChosen}
          tabIndex={-1}
          onClick={choose}
          readOnly
        />
      </Cell>
      <Cell className={css.picture}>
        <Thumbnail row={row} />
      </Cell>
      <Cell className={css.what}>
        <Link to={`/workflows/${row.id}`} tabIndex={-1} className={css.title ?? ""}>
          {row.title}
        </Link>
        <span className={css.about}>{aboutOf(row, showsOwner)}</span>
      </Cell>
      <Cell className={css.state}>
        <StateBadge state={row.is_asking ? "input_required" : row.state} />
        <span className={css.where}>{whereItStands(row)}</span>
        {row.finished_at === null && (
          <ProgressBar
            value={row.progress}
            label={`Progress of ${row.title}`}
            tone={stateDisplay(row.state).tone}
            height={4}
          />
        )}
        {outcome && <output className={`${css.outcome} ${tones[outcome.tone]}`}>{outcome.text}</output>}
      </Cell>
      <Cell className={css.facts}>
        <time dateTime={row.created_at}>{formatTimeAgo(row.created_at, now)}</time>
        {row.stored_bytes > 0 && <span>{formatBytes(row.stored_bytes)}</span>}
      </Cell>
    </div>
  );
}

function Cell({ className, children }: { className: string | undefined; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- as above
    <div role="gridcell" className={className}>
      {children}
    </div>
  );
}

function Thumbnail({ row }: { row: WorkflowRow }) {
  return (
    <Picture
      image={row.poster ? { id: row.poster.split("?")[0] ?? "", url: row.poster } : undefined}
      alt=""
      fit="contain" // it may be a tall one
      width={320}
      isLazy
    >
      {!row.poster && (
        <span className={css.blank}>
          <IconMovie size={26} stroke={1.2} aria-hidden />
        </span>
      )}
    </Picture>
  );
}

function aboutOf(row: WorkflowRow, showsOwner: boolean): string {
  return [pipelineTitle(row.pipeline), ...(showsOwner ? [row.owner] : [])].join(" · ");
}

function whereItStands(row: WorkflowRow): string {
  switch (row.state) {
    case "completed":
      return `made in ${formatElapsed(row.elapsed)}`;
    case "cancelled":
      return "";
    default:
      return [rowSentence(row, percent(row.progress)), row.eta && formatTimeLeft(row.eta)]
        .filter(Boolean)
        .join(" · ");
  }
}
