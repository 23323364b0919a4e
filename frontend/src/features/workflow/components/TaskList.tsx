/** The tasks of one stage: what, who, at which try, how far, how long, and why it failed. */
import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { memo, useState } from "react";

import {
  capitalize,
  formatDuration,
  formatUsage,
  humanize,
  type ItemNames,
  secondsBetween,
  type TaskBody,
  taskName,
} from "@callboard/client";
import { ProgressBar } from "@callboard/react";
import { StateIcon, stateDisplay } from "@/shared/components/StateBadge";
import css from "./TaskList.module.css";
import { useNow } from "@/shared/hooks/useNow";

interface Props {
  tasks: TaskBody[];
  names: ItemNames;
  /** null: nothing can be retried now, or it was asked for already. */
  onRetryTask: ((key: string) => void) | null;
}

/** More are put into the page when they are asked for: thousands would make every page of a long film slow. */
const SHOWN_AT_ONCE = 100;

export function TaskList({ tasks, names, onRetryTask }: Props) {
  const [limit, setLimit] = useState(SHOWN_AT_ONCE);
  if (!tasks.length)
    return <p className={css.none}>Its tasks are planned when the stage before it is done.</p>;
  return (
    <>
      <ul className={css.list}>
        {tasks.slice(0, limit).map((task) => (
          <TaskRow
            key={task.key}
            task={task}
            name={capitalize(taskName(task.key, names))}
            onRetryTask={onRetryTask}
          />
        ))}
      </ul>
      {tasks.length > limit && (
        <Button variant="default" size="compact-sm" onClick={() => setLimit(limit + SHOWN_AT_ONCE)}>
          {`Show ${Math.min(SHOWN_AT_ONCE, tasks.length - limit)} more`}
        </Button>
      )}
    </>
  );
}

interface RowProps {
  task: TaskBody;
  name: string;
  onRetryTask: Props["onRetryTask"];
}

/** Kept as it is while its task is: progress arrives many times a second. */
const TaskRow = memo(function TaskRow({ task, name, onRetryTask }: RowProps) {
  return (
    <li className={css.task}>
      <StateIcon state={task.state} />
      <span className={css.name}>{name}</span>
      <span className={css.agent}>
        {task.agent ? humanize(task.agent) : stateDisplay(task.state).label}
        {task.attempt > 1 && `, try ${task.attempt}`}
      </span>
      <span className={css.bar}>
        {task.state === "running" && (
          <ProgressBar value={task.progress} label={`Progress: ${name}`} height={4} />
        )}
      </span>
      <TaskTime task={task} />
      {task.usage && <span className={css.usage}>{formatUsage(task.usage)}</span>}
      {task.error && (
        <span className={css.error}>
          {task.error.message}
          {task.state === "failed" && onRetryTask && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={() => onRetryTask(task.key)}
            >
              Retry this task
            </Button>
          )}
        </span>
      )}
    </li>
  );
});

function TaskTime({ task }: { task: TaskBody }) {
  const now = useNow(1000, task.state === "running");
  if (!task.started_at || task.state === "pending") return <span className={css.time} />;
  return (
    <span className={css.time}>
      {formatDuration(secondsBetween(task.started_at, task.finished_at ?? now))}
    </span>
  );
}
