/** The graph of the tasks: a group for each step of the recipe, what waits for what, and one task in words. */
import { useMediaQuery } from "@mantine/hooks";
import { useDeferredValue, useMemo, useState } from "react";

import { type TaskBody, tasksOf } from "@callboard/client";
import { useWholeWorkflow } from "../replay/useWholeWorkflow";
import type { ViewProps } from "../views/viewProps";
import { GraphDetails } from "./GraphDetails";
import { GroupBox } from "./GroupBox";
import css from "./GraphView.module.css";
import { groupsOf } from "./groups";
import { layoutOf, type Layout } from "./layout";
import { edgesOf, neededBy, stepOf, waitsFor } from "./steps";
import { useSteps } from "./useSteps";

const BOX_WIDTH = 300;
const BOX_WIDTH_ON_A_PHONE = 164; // two beside each other fit into 390 px

export default function GraphView({ workflow: shown, events }: ViewProps) {
  const workflow = useDeferredValue(useWholeWorkflow(shown, events));
  const { steps } = useSteps(workflow.pipeline);
  const [selected, select] = useState("");
  const boxWidth = useMediaQuery("(max-width: 40em)") ? BOX_WIDTH_ON_A_PHONE : BOX_WIDTH;
  const tasks = useMemo(() => tasksOf(workflow), [workflow]);
  const groups = useMemo(() => groupsOf(steps ?? [], tasks, boxWidth), [steps, tasks, boxWidth]);
  const edges = useMemo(() => edgesOf(steps ?? []), [steps]);
  const heights = groups.map(({ height }) => height).join();
  const layout = useMemo(() => {
    const known = heights.split(",").map(Number);
    const names = (steps ?? []).map(({ name }) => name);
    return layoutOf(names, edges, boxWidth, (name) => known[names.indexOf(name)] ?? 0);
  }, [steps, edges, boxWidth, heights]);
  const related = useMemo(() => relatedOf(selected, steps ?? [], tasks), [selected, steps, tasks]);

  if (steps === null) return <p aria-busy="true">Loading the graph…</p>;
  if (steps.length === 0) {
    return (
      <p className={css.nothing}>
        What waits for what in this workflow is not known: its recipe is not installed any more.
      </p>
    );
  }
  return (
    <section className={css.columns} aria-label="Graph of the tasks">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by key */}
      <section className={css.scroll} tabIndex={0} aria-label="Steps, from the first to the last">
        <div className={css.canvas} style={{ width: layout.width, height: layout.height }}>
          <Lines layout={layout} step={stepOf(selected)} />
          {groups.map((group, index) => {
            const box = layout.boxes[index];
            return (
              box && (
                <GroupBox
                  key={group.name}
                  group={group}
                  box={box}
                  selected={selected}
                  related={related}
                  onSelect={select}
                />
              )
            );
          })}
        </div>
      </section>
      <GraphDetails
        steps={steps}
        groups={groups}
        tasks={tasks}
        selected={selected}
        workflow={workflow}
        onSelect={select}
      />
    </section>
  );
}

/** The tasks that the selected one waits for, or that wait for it. */
function relatedOf(
  selected: string,
  steps: Parameters<typeof waitsFor>[1],
  tasks: readonly TaskBody[],
): ReadonlySet<string> {
  if (!tasks.some(({ key }) => key === selected)) return new Set();
  return new Set([...waitsFor(selected, steps).tasks, ...neededBy(selected, steps, tasks).tasks]);
}

function Lines({ layout, step }: { layout: Layout; step: string }) {
  return (
    <svg className={css.lines} width={layout.width} height={layout.height} aria-hidden>
      <defs>
        <marker
          id="graph-arrow"
          viewBox="0 0 8 8"
          refX={7}
          refY={4}
          markerWidth={7}
          markerHeight={7}
          orient="auto"
        >
          <path className={css.arrow} d="M0 0L8 4L0 8Z" />
        </marker>
      </defs>
      {layout.lines.map(({ from, to, points }) => (
        <path
          key={`${from} ${to}`}
          className={from === step || to === step ? css.near : css.line}
          d={curve(points)}
          markerEnd="url(#graph-arrow)"
        />
      ))}
    </svg>
  );
}

/** Vertical at both ends of each piece. */
function curve(points: readonly { x: number; y: number }[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      if (!before) return `M${point.x} ${point.y}`;
      const middle = (before.y + point.y) / 2;
      return `C${before.x} ${middle} ${point.x} ${middle} ${point.x} ${point.y}`;
    })
    .join("");
}
