/** Who worked when: a lane for each agent with its attempts, live; or all of them as a table. */
import { SegmentedControl } from "@mantine/core";
import { useDeferredValue, useMemo, useState } from "react";

import { useNow } from "@/shared/hooks/useNow";
import type { ViewProps } from "../views/viewProps";
import { AttemptDetails } from "./AttemptDetails";
import { attemptsOf, OUTCOMES } from "./attempts";
import { AttemptTable } from "./AttemptTable";
import { Bar, BAR_HEIGHT, Hatches } from "./Bar";
import type { Look } from "./bars";
import { lanesOf } from "./lanes";
import css from "./TimelineView.module.css";
import { TimelineChart } from "./TimelineChart";

const ZOOMS = [
  { value: "fit", label: "Fit" },
  { value: "600", label: "10 min" },
  { value: "60", label: "1 min" },
];

export default function TimelineView({ workflow, events: newest }: ViewProps) {
  const events = useDeferredValue(newest);
  const attempts = useMemo(() => attemptsOf(events), [events]);
  const lanes = useMemo(() => lanesOf(attempts), [attempts]);
  const [zoom, setZoom] = useState("fit");
  const [form, setForm] = useState("chart");
  const [selected, select] = useState<string | null>(null);
  const now = useNow(
    1000,
    attempts.some(({ end }) => end === null),
  );
  const chosen = attempts.find(({ id }) => id === selected);

  if (attempts.length === 0) return <p className={css.nothing}>Nobody has begun to work yet.</p>;
  return (
    <section aria-label="Timeline">
      <div className={css.head}>
        <p className={css.about}>
          {count(attempts.length, "attempt")} by {count(lanes.length, "agent")}. Times in which nothing ran
          are folded.
        </p>
        {form === "chart" && (
          <SegmentedControl size="xs" aria-label="Zoom" data={ZOOMS} value={zoom} onChange={setZoom} />
        )}
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          value={form}
          onChange={setForm}
        />
      </div>
      {form === "table" ? (
        <AttemptTable attempts={attempts} now={now} />
      ) : (
        <>
          <TimelineChart
            lanes={lanes}
            attempts={attempts}
            now={now}
            windowSeconds={zoom === "fit" ? null : Number(zoom)}
            selected={selected}
            onSelect={select}
          />
          <Legend />
          <AttemptDetails attempt={chosen} workflow={workflow} now={now} />
        </>
      )}
    </section>
  );
}

function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}

const LOOKS: readonly Look[] = [
  "completed",
  "running",
  "retried",
  "failed",
  "lost",
  "stalled",
  "paused",
  "asked",
  "cancelled",
];

function Legend() {
  return (
    <ul className={css.legend} aria-label="What the shapes mean">
      {LOOKS.map((look) => (
        <li key={look}>
          <svg width={26} height={BAR_HEIGHT + 2} aria-hidden>
            <Hatches />
            <Bar look={look} x={1} y={1} width={24} />
          </svg>
          {OUTCOMES[look]}
        </li>
      ))}
    </ul>
  );
}
