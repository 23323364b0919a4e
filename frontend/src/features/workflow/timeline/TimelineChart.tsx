/** The drawing: only what is in sight is drawn. The arrow keys go from attempt to attempt. */
import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
} from "react";

import { capitalize, formatDuration, formatTimeOfDay, humanize, taskName } from "@callboard/client";
import { OUTCOMES, type Attempt } from "./attempts";
import { BAR_HEIGHT, Bar, Hatches } from "./Bar";
import { barsOf, countsOf, type Bar as BarOf } from "./bars";
import type { Lane } from "./lanes";
import { nextAttempt } from "./nextAttempt";
import { FOLD_WIDTH, timeScale, type TimeScale } from "./timeScale";
import css from "./TimelineChart.module.css";

const ROW = BAR_HEIGHT + 5;
const LANE_GAP = 11;
const AXIS = 26;
/** Drawn beyond what is in sight, so that little scrolling needs no new drawing. */
const MARGIN = 400;
const FOLD_MARK = 5;

interface Props {
  lanes: readonly Lane[];
  attempts: readonly Attempt[];
  now: number;
  /** How much time fits into the width; null: all of it. */
  windowSeconds: number | null;
  /** The id of an attempt. */
  selected: string | null;
  onSelect: (id: string) => void;
}

export function TimelineChart({ lanes, attempts, now, windowSeconds, selected, onSelect }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { left, width } = useSight(scroller);
  const pxPerMs = windowSeconds === null ? null : width / (windowSeconds * 1000);
  const scale = useMemo(() => timeScale(attempts, now, width - 8, pxPerMs), [attempts, now, width, pxPerMs]);
  const tops = topsOf(lanes);
  const height = (tops.at(-1) ?? 0) + AXIS;
  const from = Math.max(0, left - MARGIN);
  const to = left + width + MARGIN;
  const chosen = attempts.find(({ id }) => id === selected);
  useRevealed(scroller, chosen, scale);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextAttempt(lanes, chosen, event.key);
    if (!next) return;
    event.preventDefault();
    onSelect(next.id);
  };
  const onPointer = (event: PointerEvent<SVGSVGElement>) => {
    const id = (event.target as Element).closest("[data-attempt]")?.getAttribute("data-attempt");
    if (id) onSelect(id);
  };

  return (
    <div className={css.chart}>
      <ol className={css.names} style={{ paddingBottom: AXIS }}>
        {lanes.map(({ agent, rows }) => (
          <li key={agent} style={{ height: rows.length * ROW + LANE_GAP }}>
            {capitalize(humanize(agent))}
          </li>
        ))}
      </ol>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application is interactive: the arrow keys move in it */}
      <div
        ref={scroller}
        className={css.scroller}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- likewise
        tabIndex={0}
        role="application"
        aria-roledescription="timeline"
        aria-label="Attempts over time. The arrow keys go from one to the next; as a table they can be read in order."
        onKeyDown={onKeyDown}
      >
        <div style={{ width: scale.width, height }} />
        <svg
          className={css.drawing}
          width={Math.max(0, Math.min(to, scale.width + 8) - from)}
          height={height}
          viewBox={`${from} 0 ${Math.max(1, Math.min(to, scale.width + 8) - from)} ${height}`}
          style={{ left: from }}
          aria-hidden
          onPointerOver={onPointer}
          onPointerDown={onPointer}
        >
          <Hatches />
          <Axis scale={scale} from={from} to={to} height={height} />
          {lanes.map(({ agent, rows }, lane) =>
            rows.map((row, index) => (
              <Row
                key={`${agent} ${index}`} // oxlint-disable-line react/no-array-index-key -- a row has no other name
                bars={barsOf(row, scale, now, from, to)}
                y={(tops[lane] ?? 0) + index * ROW + LANE_GAP / 2}
                scale={scale}
                now={now}
                selected={selected}
              />
            )),
          )}
        </svg>
      </div>
    </div>
  );
}

/** Where each lane begins, and the last one ends. */
function topsOf(lanes: readonly Lane[]): number[] {
  const tops = [0];
  for (const { rows } of lanes) tops.push((tops.at(-1) ?? 0) + rows.length * ROW + LANE_GAP);
  return tops;
}

interface RowProps {
  bars: BarOf[];
  y: number;
  scale: TimeScale;
  now: number;
  selected: string | null;
}

function Row({ bars, y, scale, now, selected }: RowProps) {
  return (
    <>
      {bars.map((bar) => {
        const [attempt] = bar.attempts;
        if (!attempt) return null;
        const isOne = bar.attempts.length === 1;
        const stalls = isOne ? stallsOf(attempt, bar.x, scale, now) : [];
        return (
          <g key={attempt.id} data-attempt={attempt.id} className={css.attempt}>
            <title>{isOne ? titleOf(attempt, now) : countsOf(bar.attempts)}</title>
            <rect className={css.target} x={bar.x - 1} y={y - 2} width={bar.width + 2} height={ROW} />
            <Bar
              look={bar.look}
              x={bar.x}
              y={y}
              width={bar.width}
              stalls={stalls}
              isSelected={selected !== null && bar.attempts.some(({ id }) => id === selected)}
            />
          </g>
        );
      })}
    </>
  );
}

function stallsOf({ stalls, end }: Attempt, x: number, scale: TimeScale, now: number) {
  return stalls
    .filter(({ to }) => to !== null)
    .map((stall) => ({
      x: scale.x(stall.from) - x,
      width: Math.max(2, scale.x(stall.to ?? end ?? now) - scale.x(stall.from)),
    }));
}

function titleOf(attempt: Attempt, now: number): string {
  const took = formatDuration(Math.max(0, (attempt.end ?? now) - attempt.start) / 1000);
  const tries = attempt.number > 1 ? `, try ${attempt.number}` : "";
  return `${capitalize(taskName(attempt.task))}${tries}: ${OUTCOMES[attempt.outcome]} (${took})`;
}

function Axis({ scale, from, to, height }: { scale: TimeScale; from: number; to: number; height: number }) {
  const isInSight = ({ x }: { x: number }) => x >= from - FOLD_WIDTH && x <= to;
  return (
    <>
      {scale.ticks.filter(isInSight).map(({ x, moment }) => (
        <g key={moment}>
          <line className={css.tick} x1={x} x2={x} y1={0} y2={height - AXIS + 4} />
          <text className={css.time} x={x + 2} y={height - 8}>
            {formatTimeOfDay(new Date(moment).toISOString())}
          </text>
        </g>
      ))}
      {scale.folds.filter(isInSight).map(({ x, from: start, to: end }) => (
        <g key={start} className={css.fold}>
          <title>{`For ${formatDuration((end - start) / 1000)} nothing ran`}</title>
          <rect x={x + 2} width={FOLD_WIDTH - 4} height={height - AXIS} />
          <path d={zigzag(x + FOLD_WIDTH / 2, height - AXIS)} />
        </g>
      ))}
    </>
  );
}

function zigzag(x: number, height: number): string {
  const points = Array.from(
    { length: Math.floor(height / FOLD_MARK) },
    (_, index) => `L${x + (index % 2 ? 3 : -3)} ${(index + 1) * FOLD_MARK}`,
  );
  return `M${x} 0${points.join("")}`;
}

/** Which part of what scrolls is in sight. Stays at the end when it was there. */
function useSight(scroller: React.RefObject<HTMLDivElement | null>) {
  const [sight, setSight] = useState({ left: 0, width: 800 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const look = () =>
      setSight((known) => {
        const next = { left: element.scrollLeft, width: element.clientWidth || known.width };
        const isNear = Math.abs(next.left - known.left) < MARGIN / 2 && next.left !== 0;
        return isNear && next.width === known.width ? known : next;
      });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller]);
  return sight;
}

/** Scrolls to an attempt that was chosen by key. */
function useRevealed(
  scroller: React.RefObject<HTMLDivElement | null>,
  chosen: Attempt | undefined,
  scale: TimeScale,
) {
  const id = chosen?.id;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !chosen || element !== document.activeElement) return;
    const x = scale.x(chosen.start);
    const isInSight = x >= element.scrollLeft && x <= element.scrollLeft + element.clientWidth - 20;
    if (!isInSight) element.scrollLeft = x - element.clientWidth / 2;
    // oxlint-disable-next-line react/exhaustive-deps -- only when another one was chosen
  }, [id]);
}
