/** A step of the recipe with its tasks: dots by scene, or, of very many, how many are in which state. */
import { memo, type MouseEvent } from "react";

import { capitalize, stepName, type TaskBody, taskName, type TaskState } from "@callboard/client";
import { StateIcon, stateDisplay } from "@/shared/components/StateBadge";
import tones from "@/shared/components/tone.module.css";
import css from "./GroupBox.module.css";
import { stateOf, type Group } from "./groups";
import type { Box } from "./layout";

const STATES: readonly TaskState[] = [
  "completed",
  "running",
  "input_required",
  "failed",
  "cancelled",
  "pending",
];

interface Props {
  group: Group;
  box: Box;
  /** The name of a step, or the key of a task. */
  selected: string;
  /** Keys of the tasks that the selected one waits for, or that wait for it. */
  related: ReadonlySet<string>;
  onSelect: (selected: string) => void;
}

export const GroupBox = memo(function GroupBox({ group, box, selected, related, onSelect }: Props) {
  const state = stateOf(group);
  const name = capitalize(stepName(group.name));
  const count = group.tasks.length ? `${group.counts.completed ?? 0} of ${group.tasks.length}` : "to come";
  const chooseDot = (event: MouseEvent) => {
    const key = (event.target as Element).getAttribute("data-task");
    if (key) onSelect(key);
  };
  return (
    <div
      className={`${css.box} ${css[state] ?? ""}`}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      <button
        type="button"
        className={css.head}
        aria-pressed={selected === group.name}
        aria-label={`${name} ${count}: ${inWords(group)}`}
        onClick={() => onSelect(group.name)}
      >
        <StateIcon state={state} size={16} />
        <span className={css.name}>{name}</span> <span className={css.count}>{count}</span>
      </button>
      <div className={css.shares} aria-hidden>
        {STATES.map((each) => {
          const share = group.counts[each];
          return share ? (
            <i
              key={each}
              className={`${tones[stateDisplay(each).tone]} ${css[`share_${each}`] ?? ""}`}
              style={{ flexGrow: share }}
            />
          ) : null;
        })}
      </div>
      {/* The same tasks are buttons in the list beside the graph. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div className={css.rows} aria-hidden onClick={chooseDot}>
        {group.rows.map((row) => (
          <div key={row.label} className={css.row}>
            {row.label && <span className={css.label}>{row.label}</span>}
            <span className={css.dots}>
              {row.tasks.map((task) => (
                <Dot
                  key={task.key}
                  task={task}
                  isSelected={task.key === selected}
                  isRelated={related.has(task.key)}
                />
              ))}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
});

function Dot({ task, isSelected, isRelated }: { task: TaskBody; isSelected: boolean; isRelated: boolean }) {
  const { tone, label } = stateDisplay(task.state);
  const marks = `${isSelected ? css.selected : ""} ${isRelated ? css.related : ""}`;
  return (
    <i
      className={`${css.dot} ${tones[tone]} ${css[`dot_${task.state}`] ?? ""} ${marks}`}
      data-task={task.key}
      title={`${capitalize(taskName(task.key))}: ${label.toLowerCase()}`}
    />
  );
}

/** "4 completed, 1 running". */
function inWords({ tasks, counts }: Group): string {
  if (tasks.length === 0) return "its tasks are not known yet";
  return STATES.flatMap((state) =>
    counts[state] ? [`${counts[state]} ${stateDisplay(state).label.toLowerCase()}`] : [],
  ).join(", ");
}
