/** What an agent did in the last day: calls and errors as bars, and how long the calls took as lines. */
import { useState } from "react";

import { type AgentHistory, formatDuration } from "@callboard/client";
import css from "./AgentChart.module.css";

const WIDTH = 620;
const LEFT = 52;
const TOP = 12;
const BARS = 90;
const GAP = 30;
const LINES = 70;
const HEIGHT = TOP + BARS + GAP + LINES + 10;
const LABEL_HOURS = 4;
const HOUR_MS = 3_600_000;

type Sample = AgentHistory["samples"][number];

interface Scale {
  x: (ms: number) => number;
  calls: number;
  seconds: number;
  start: number;
  end: number;
}

/** `now` in ms since 1970: where the chart ends. */
export function AgentChart({ history, now }: { history: AgentHistory; now: number }) {
  if (history.calls === 0) return <p className={css.none}>No calls in the last {history.hours} hours.</p>;
  const scale = scaleOf(history, now);
  return (
    <figure className={css.chart}>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn here, and so takes the colours of the theme */}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={inWords(history)}>
        <Axes scale={scale} />
        {history.samples.map((sample) => (
          <Bars key={sample.minute} sample={sample} scale={scale} spanMs={history.seconds * 1000} />
        ))}
        <Line name="p95" history={history} scale={scale} />
        <Line name="p50" history={history} scale={scale} />
      </svg>
      <figcaption>
        <span className={css.calls}>{history.calls.toLocaleString()} calls</span>
        <span className={css.errors}>{history.errors.toLocaleString()} errors</span>
        <span className={css.p50}>half within {seconds(history.p50)}</span>
        <span className={css.p95}>95 % within {seconds(history.p95)}</span>
      </figcaption>
      <Table samples={history.samples} />
    </figure>
  );
}

function scaleOf(history: AgentHistory, end: number): Scale {
  const start = end - history.hours * HOUR_MS;
  const x = (ms: number) => LEFT + Math.min(1, Math.max(0, (ms - start) / (end - start))) * (WIDTH - LEFT);
  const calls = Math.max(1, ...history.samples.map((sample) => sample.calls));
  const longest = Math.max(0, ...history.samples.map((sample) => sample.p95 ?? 0)) || 1;
  return { x, calls, seconds: longest, start, end };
}

function yOf(duration: number, scale: Scale): number {
  return TOP + BARS + GAP + LINES * (1 - Math.min(1, duration / scale.seconds));
}

function Axes({ scale }: { scale: Scale }) {
  const lines: [number, string][] = [
    [TOP, String(scale.calls)],
    [TOP + BARS, "0"],
    [yOf(scale.seconds, scale), formatDuration(scale.seconds)],
    [yOf(0, scale), "0 s"],
  ];
  return (
    <>
      {lines.map(([y, text]) => (
        <g key={y}>
          <line className={css.axis} x1={LEFT} x2={WIDTH} y1={y} y2={y} />
          <text x={LEFT - 7} y={y + 4} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {hoursOf(scale).map((hour) => (
        <text key={hour} x={scale.x(hour)} y={TOP + BARS + 18} textAnchor="middle">
          {clock(hour)}
        </text>
      ))}
    </>
  );
}

function Bars({ sample, scale, spanMs }: { sample: Sample; scale: Scale; spanMs: number }) {
  const began = Date.parse(sample.minute);
  const x = scale.x(began);
  const width = Math.max(1, scale.x(began + spanMs) - x - 0.5);
  return (
    <g>
      <title>{`${clock(began)}: ${sample.calls} calls, ${sample.errors} errors`}</title>
      {(["calls", "errors"] as const).map((name) => {
        const height = (BARS * sample[name]) / scale.calls;
        return (
          <rect
            key={name}
            className={css[name]}
            x={x}
            y={TOP + BARS - height}
            width={width}
            height={height}
          />
        );
      })}
    </g>
  );
}

/** With a dot at each sample, because a single one makes no line; broken where nothing was called for an hour. */
function Line({ name, history, scale }: { name: "p50" | "p95"; history: AgentHistory; scale: Scale }) {
  const points = history.samples.flatMap((sample) => {
    const duration = sample[name];
    const ms = Date.parse(sample.minute) + history.seconds * 500;
    return duration === null ? [] : [{ ms, x: scale.x(ms), y: yOf(duration, scale) }];
  });
  const steps = points.map(({ ms, x, y }, index) => {
    const before = points[index - 1];
    return `${before && ms - before.ms < HOUR_MS ? "L" : "M"}${x} ${y}`;
  });
  return (
    <g className={css[name]}>
      <path d={steps.join("")} />
      {points.map(({ ms, x, y }) => (
        <circle key={ms} cx={x} cy={y} r={1.8} />
      ))}
    </g>
  );
}

/** Drawn when it is opened: a day may have some hundred lines. */
function Table({ samples }: { samples: readonly Sample[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {isOpen && (
        <table>
          <thead>
            <tr>
              {["From", "Calls", "Errors", "p50", "p95"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {samples.toReversed().map((sample) => (
              <tr key={sample.minute}>
                <td>{clock(Date.parse(sample.minute))}</td>
                <td>{sample.calls}</td>
                <td>{sample.errors}</td>
                <td>{seconds(sample.p50)}</td>
                <td>{seconds(sample.p95)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function inWords({ hours, calls, errors, p50, p95 }: AgentHistory): string {
  return `The last ${hours} hours: ${calls} calls, ${errors} errors; half of the calls took at most ${seconds(p50)}, 95 % at most ${seconds(p95)}.`;
}

/** The full hours that have a label. */
function hoursOf({ start, end }: Scale): number[] {
  const first = Math.ceil(start / HOUR_MS) * HOUR_MS;
  const hours = Array.from(
    { length: Math.floor((end - first) / HOUR_MS) + 1 },
    (_, hour) => first + hour * HOUR_MS,
  );
  return hours.filter((hour) => new Date(hour).getHours() % LABEL_HOURS === 0);
}

function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function seconds(duration: number | null): string {
  return duration === null ? "–" : formatDuration(duration);
}
