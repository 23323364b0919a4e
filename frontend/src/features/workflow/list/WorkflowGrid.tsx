/**
 * The rows of the list, as a grid that the keyboard moves in.
 *
 * Arrow keys, Home and End go from row to row; Space chooses, with Shift a range; Enter opens; Ctrl+A chooses all, Escape
 * none; Delete asks whether to delete. A click on a box with Shift chooses a range, too.
 */
import { Kbd } from "@mantine/core";
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";

import type { WorkflowRow } from "@callboard/client";
import { useNow } from "@/shared/hooks/useNow";
import css from "./WorkflowGrid.module.css";
import { WorkflowRowView } from "./WorkflowRowView";
import type { RowOutcome } from "./useBulk";
import type { Selection } from "./useSelection";

interface Props {
  rows: readonly WorkflowRow[];
  selection: Selection;
  outcomes: Readonly<Record<string, RowOutcome>>;
  showsOwner: boolean;
  isOutdated: boolean;
  onDelete: () => void;
}

export function WorkflowGrid({ rows, selection, outcomes, showsOwner, isOutdated, onDelete }: Props) {
  const now = useNow(30_000);
  const navigate = useNavigate();
  const grid = useRef<HTMLDivElement>(null);
  const helpId = useId();
  const [focusedId, setFocused] = useState("");
  const index = Math.max(
    0,
    rows.findIndex(({ id }) => id === focusedId),
  );

  const moveTo = (to: number, isRange: boolean) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (!row) return;
    grid.current?.querySelector<HTMLElement>(`[data-workflow="${row.id}"]`)?.focus();
    if (isRange) selection.extendTo(row.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[index];
    if (!row || !(event.target as HTMLElement).matches("[role=row]")) return;
    const key = event.key === "a" && (event.ctrlKey || event.metaKey) ? "all" : event.key;
    const acts: Record<string, () => void> = {
      ArrowDown: () => moveTo(index + 1, event.shiftKey),
      ArrowUp: () => moveTo(index - 1, event.shiftKey),
      Home: () => moveTo(0, event.shiftKey),
      End: () => moveTo(rows.length - 1, event.shiftKey),
      " ": () => (event.shiftKey ? selection.extendTo(row.id) : selection.toggle(row.id)),
      Enter: () => void navigate(`/workflows/${row.id}`),
      Escape: selection.clear,
      Delete: onDelete,
      all: selection.chooseAll,
    };
    const act = acts[key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a <table> cannot be laid out anew on a phone */}
      <div
        ref={grid}
        role="grid"
        tabIndex={-1}
        aria-label="Workflows"
        aria-describedby={helpId}
        aria-multiselectable
        aria-busy={isOutdated}
        className={`${css.grid} ${isOutdated ? css.outdated : ""}`}
        onKeyDown={onKeyDown}
      >
        {rows.map((row, position) => (
          <WorkflowRowView
            key={row.id}
            row={row}
            now={now}
            showsOwner={showsOwner}
            isChosen={selection.has(row.id)}
            isCurrent={position === index}
            outcome={outcomes[row.id]}
            onChoose={(isRange) => (isRange ? selection.extendTo(row.id) : selection.toggle(row.id))}
            onFocus={() => setFocused(row.id)}
          />
        ))}
      </div>
      <KeyboardHelp id={helpId} />
    </>
  );
}

/** What the keys do; not shown where there is only a finger. */
function KeyboardHelp({ id }: { id: string }) {
  return (
    <p id={id} className={css.help}>
      <Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> move, <Kbd size="xs">Enter</Kbd> opens,{" "}
      <Kbd size="xs">Space</Kbd> chooses (with <Kbd size="xs">Shift</Kbd> all in between),{" "}
      <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">A</Kbd> all, <Kbd size="xs">Esc</Kbd> none,{" "}
      <Kbd size="xs">Delete</Kbd> asks before it deletes.
    </p>
  );
}
