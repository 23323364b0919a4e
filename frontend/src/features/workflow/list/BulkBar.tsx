/** What can be done to the chosen workflows, and the question before they are deleted. */
import { Button, Modal } from "@mantine/core";

import { ACTIVE_STATES, ALLOWED_ACTIONS, type WorkflowRow } from "@callboard/client";
import { formatBytes } from "@/shared/formatBytes";
import { useFocusBack } from "@/shared/hooks/useFocusBack";
import css from "./BulkBar.module.css";
import type { BulkAction } from "./useBulk";

interface BarProps {
  rows: readonly WorkflowRow[];
  isRunning: boolean;
  onAct: (action: Exclude<BulkAction, "delete">) => void;
  onDelete: () => void;
  onClear: () => void;
}

const ACTIONS = [
  { action: "pause", label: "Pause" },
  { action: "resume", label: "Resume" },
  { action: "cancel", label: "Cancel" },
] as const;

export function BulkBar({ rows, isRunning, onAct, onDelete, onClear }: BarProps) {
  if (rows.length === 0) return null;
  return (
    <section className={css.bar} aria-label="Chosen workflows">
      <output className={css.count}>{rows.length === 1 ? "1 chosen" : `${rows.length} chosen`}</output>
      {ACTIONS.map(({ action, label }) => (
        <Button
          key={action}
          size="xs"
          variant="default"
          disabled={isRunning || !rows.some(({ state }) => ALLOWED_ACTIONS[state].includes(action))}
          onClick={() => onAct(action)}
        >
          {label}
        </Button>
      ))}
      <Button
        size="xs"
        color="red"
        variant="light"
        disabled={isRunning || !rows.some(isOver)}
        onClick={onDelete}
      >
        Delete…
      </Button>
      <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
        Choose none
      </Button>
    </section>
  );
}

/** Whether it can be deleted. */
function isOver({ state }: WorkflowRow): boolean {
  return !ACTIVE_STATES.includes(state);
}

interface DeleteProps {
  rows: readonly WorkflowRow[];
  onConfirm: (rows: readonly WorkflowRow[]) => void;
  onClose: () => void;
}

/** Says what goes. */
export function DeleteDialog({ rows, onConfirm, onClose }: DeleteProps) {
  useFocusBack();
  const ended = rows.filter(isOver);
  const bytes = ended.reduce((sum, row) => sum + row.stored_bytes, 0);
  const active = rows.length - ended.length;
  return (
    <Modal opened onClose={onClose} title={titleOf(ended)}>
      <p className={css.text}>
        Films, pictures, scripts and the whole history go, {formatBytes(bytes)} in all. This cannot be undone.
        What another workflow reuses stays there.
      </p>
      {active > 0 && (
        <p className={css.text}>
          {active === 1 ? "One of them has" : `${active} of them have`} not ended and{" "}
          {active === 1 ? "is" : "are"} left alone: cancel first.
        </p>
      )}
      <div className={css.buttons}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep
        </Button>
        <Button color="red" onClick={() => onConfirm(ended)}>
          Delete
        </Button>
      </div>
    </Modal>
  );
}

function titleOf(rows: readonly WorkflowRow[]): string {
  return rows.length === 1 ? `Delete “${rows[0]?.title}”?` : `Delete ${rows.length} workflows?`;
}
