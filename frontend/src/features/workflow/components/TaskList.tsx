/** The tasks of one stage: agent, attempt, progress, duration and error. */
import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";

import type { TaskBody } from "@callboard/client";
import { ProgressBar } from "@/shared/components/ProgressBar";
import { capitalize, humanize } from "@/shared/formatText";
import { StateIcon, stateDisplay } from "@/shared/components/StateBadge";
import css from "./TaskList.module.css";
import { secondsBetween, formatDuration } from "@/shared/formatTime";
import { useNow } from "@/shared/hooks/useNow";

interface Props {
  tasks: TaskBody[];
  onRetryTask?: ((key: string) => void) | undefined;
}

export function TaskList({ tasks, onRetryTask }: Props) {
  if (!tasks.length)
    return <p className={css.none}>Its tasks are planned when the stage before it is done.</p>;
  return (
    <ul className={css.list}>
      {tasks.map((task) => (
        <TaskRow key={task.key} task={task} onRetryTask={onRetryTask} />
      ))}
    </ul>
  );
}

function TaskRow({ task, onRetryTask }: { task: TaskBody; onRetryTask: Props["onRetryTask"] }) {
  const [step, item] = task.key.split("/");
  return (
    <li className={css.task}>
      <StateIcon state={task.state} />
      <span>
        <span className={css.name}>{capitalize(humanize(task.skill))}</span>
        <span className={css.key}>{item ?? step}</span>
      </span>
      <span className={css.agent}>
        {task.agent ? humanize(task.agent) : stateDisplay(task.state).label}
        {task.attempt > 1 && ` · try ${task.attempt}`}
      </span>
      <span className={css.bar}>
        {task.state === "running" && (
          <ProgressBar value={task.progress} label={`Progress of ${task.key}`} height={4} />
        )}
      </span>
      <TaskTime task={task} />
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
}

function TaskTime({ task }: { task: TaskBody }) {
  const now = useNow(1000, task.state === "running");
  if (!task.started_at || task.state === "pending") return <span className={css.time} />;
  return (
    <span className={css.time}>
      {formatDuration(secondsBetween(task.started_at, task.finished_at ?? now))}
    </span>
  );
}
