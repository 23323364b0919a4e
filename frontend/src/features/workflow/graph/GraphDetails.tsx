/** The selected step with its tasks, or the selected task: its state, what it waits for, and what waits for it. */
import { Button } from "@mantine/core";
import { useState } from "react";

import {
  capitalize,
  formatDuration,
  formatTimeOfDay,
  formatUsage,
  humanize,
  stepName,
  secondsBetween,
  type StepBody,
  type TaskBody,
  taskName,
  type WorkflowSnapshot,
} from "@callboard/client";
import { Picture } from "@/shared/components/Picture";
import { StateBadge, StateIcon, stateDisplay } from "@/shared/components/StateBadge";
import css from "./GraphDetails.module.css";
import type { Group } from "./groups";
import { neededBy, sourcesOf, waitsFor, type Neighbours } from "./steps";

const SHOWN_AT_ONCE = 60;

interface Props {
  steps: readonly StepBody[];
  groups: readonly Group[];
  tasks: readonly TaskBody[];
  selected: string;
  workflow: WorkflowSnapshot;
  onSelect: (selected: string) => void;
}

export function GraphDetails(props: Props) {
  return (
    <div className={css.details} aria-live="polite">
      <Selected {...props} />
    </div>
  );
}

/** A step with one task is shown as that task. */
function Selected({ steps, groups, tasks, selected, workflow, onSelect }: Props) {
  const task = tasks.find(({ key }) => key === selected);
  const step = steps.find(({ name }) => name === selected);
  const group = groups.find(({ name }) => name === selected);
  if (task)
    return <TaskDetails task={task} steps={steps} tasks={tasks} workflow={workflow} onSelect={onSelect} />;
  if (step && group) return <StepDetails key={step.name} step={step} group={group} onSelect={onSelect} />;
  return <p className={css.hint}>Choose a step or a task to see where it stands and what it waits for.</p>;
}

function StepDetails({
  step,
  group,
  onSelect,
}: {
  step: StepBody;
  group: Group;
  onSelect: Props["onSelect"];
}) {
  const [limit, setLimit] = useState(SHOWN_AT_ONCE);
  const sources = sourcesOf(step);
  return (
    <>
      <h2 className={css.title}>{capitalize(stepName(step.name))}</h2>
      <p className={css.about}>
        {step.stage} · skill {humanize(step.skill)}
        {step.each !== null && ` · one for each that ${stepName(step.each)} gives`}
      </p>
      {sources.length > 0 && <Links label="Waits for" names={sources} onSelect={onSelect} />}
      <ul className={css.tasks}>
        {group.tasks.slice(0, limit).map((task) => (
          <li key={task.key}>
            <button type="button" className={css.task} onClick={() => onSelect(task.key)}>
              <StateIcon state={task.state} size={15} />
              <span>{capitalize(taskName(task.key))}</span>
              <span className={css.state}>{stateDisplay(task.state).label}</span>
            </button>
          </li>
        ))}
      </ul>
      {group.tasks.length > limit && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={() => setLimit(limit + 5 * SHOWN_AT_ONCE)}
        >
          Show more ({(group.tasks.length - limit).toLocaleString("en")})
        </Button>
      )}
    </>
  );
}

function TaskDetails({
  task,
  steps,
  tasks,
  workflow,
  onSelect,
}: Pick<Props, "steps" | "tasks" | "workflow" | "onSelect"> & { task: TaskBody }) {
  const picture = workflow.artifacts.findLast(
    (each) => each.task === task.key && each.media_type.startsWith("image/"),
  );
  return (
    <>
      <h2 className={css.title}>{capitalize(taskName(task.key))}</h2>
      <p>
        <StateBadge state={task.state} />
      </p>
      {picture && (
        <div className={css.picture}>
          <Picture image={picture} alt={`Made by ${taskName(task.key)}`} fit="contain" width={640} />
        </div>
      )}
      <p className={css.about}>{whoAndWhen(task)}</p>
      {task.usage && <p className={css.about}>Models: {formatUsage(task.usage)}</p>}
      {task.error && <p className={css.error}>{task.error.message}</p>}
      {task.question && <p>It asks: {task.question}</p>}
      <Around label="Waits for" around={waitsFor(task.key, steps)} onSelect={onSelect} />
      <Around label="Needed by" around={neededBy(task.key, steps, tasks)} onSelect={onSelect} />
    </>
  );
}

function whoAndWhen({ agent, attempt, started_at, finished_at, skill }: TaskBody): string {
  if (!agent) return `Nobody has taken it yet (skill ${humanize(skill)}).`;
  const tries = attempt > 1 ? `, try ${attempt}` : "";
  const began = started_at ? `, began ${formatTimeOfDay(started_at)}` : "";
  const took =
    started_at && finished_at ? `, took ${formatDuration(secondsBetween(started_at, finished_at))}` : "";
  return `${capitalize(humanize(agent))}${tries}${began}${took}`;
}

const NEIGHBOURS_SHOWN = 12;

function Around({
  label,
  around,
  onSelect,
}: {
  label: string;
  around: Neighbours;
  onSelect: Props["onSelect"];
}) {
  const names = [...around.tasks.slice(0, NEIGHBOURS_SHOWN), ...around.steps];
  if (names.length === 0) return null;
  return (
    <Links label={label} names={names} more={around.tasks.length - NEIGHBOURS_SHOWN} onSelect={onSelect} />
  );
}

interface LinksProps {
  label: string;
  names: readonly string[];
  more?: number;
  onSelect: Props["onSelect"];
}

function Links({ label, names, more = 0, onSelect }: LinksProps) {
  return (
    <p className={css.links}>
      <span className={css.label}>{label}</span>
      {names.map((name) => (
        <button key={name} type="button" className={css.link} onClick={() => onSelect(name)}>
          {capitalize(name.includes("/") ? taskName(name) : stepName(name))}
        </button>
      ))}
      {more > 0 && <span>and {more.toLocaleString("en")} more</span>}
    </p>
  );
}
