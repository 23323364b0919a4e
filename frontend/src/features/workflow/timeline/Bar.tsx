/** An attempt as a shape: what came of it can be told without colours. */
import type { ReactNode } from "react";

import tones from "@/shared/components/tone.module.css";
import type { Tone } from "@callboard/react";
import type { Look } from "./bars";
import css from "./Bar.module.css";

export const BAR_HEIGHT = 16;
const ROOM_FOR_A_SIGN = 13;

const TONES: Record<Look, Tone> = {
  running: "accent",
  completed: "ok",
  failed: "bad",
  retried: "bad",
  lost: "bad",
  stalled: "bad",
  paused: "wait",
  asked: "wait",
  cancelled: "mute",
};

interface Props {
  look: Look;
  x: number;
  y: number;
  width: number;
  /** Of the stretches without a sign of life, in pixels from its beginning. */
  stalls?: readonly { x: number; width: number }[];
  isSelected?: boolean;
}

export function Bar({ look, x, y, width, stalls, isSelected = false }: Props) {
  return (
    <g className={`${tones[TONES[look]]} ${css.bar}`} transform={`translate(${x} ${y})`}>
      <path className={css[look]} d={outline(look, width)} />
      {stalls?.map((stall) => (
        <rect
          key={stall.x}
          className={css.hatch}
          x={stall.x}
          y={2}
          width={stall.width}
          height={BAR_HEIGHT - 4}
        />
      ))}
      {signOf(look, width)}
      {isSelected && (
        <rect className={css.selected} x={-3} y={-3} width={width + 6} height={BAR_HEIGHT + 6} rx={5} />
      )}
    </g>
  );
}

/** The ends: pointed while it runs, broken when it was lost, cut when it failed; else round. */
function outline(look: Look, width: number): string {
  const h = BAR_HEIGHT;
  const cut = Math.min(6, width / 2);
  switch (look) {
    case "running":
    case "stalled":
      return `M0 0H${width - cut}L${width} ${h / 2}L${width - cut} ${h}H0Z`;
    case "lost":
      return `M0 0H${width}L${width - cut} ${h * 0.25}L${width} ${h / 2}L${width - cut} ${h * 0.75}L${width} ${h}H0Z`;
    case "failed":
      return `M0 0H${width}L${width - cut} ${h / 2}L${width} ${h}H0Z`;
    default:
      return `M${cut / 2} 0H${width - cut / 2}Q${width} 0 ${width} ${cut / 2}V${h - cut / 2}Q${width} ${h} ${width - cut / 2} ${h}H${cut / 2}Q0 ${h} 0 ${h - cut / 2}V${cut / 2}Q0 0 ${cut / 2} 0Z`;
  }
}

/** A sign in the middle, where there is room for it. */
function signOf(look: Look, width: number): ReactNode {
  if (width < ROOM_FOR_A_SIGN) return null;
  const middle = width / 2;
  switch (look) {
    case "failed":
      return <path className={css.sign} d={`M${middle - 4} 4.5l7 7m0 -7l-7 7`} />;
    case "retried":
      return <path className={css.sign} d={`M${middle - 3} 4.5a4 4 0 1 1 -1 5M${middle - 4} 3v3h3`} />;
    case "paused":
      return <path className={css.sign} d={`M${middle - 2} 5v6M${middle + 2} 5v6`} />;
    case "cancelled":
      return <path className={css.sign} d={`M${middle - 4} 12l8 -8`} />;
    case "asked":
      return (
        <text className={css.letter} x={middle} y={12}>
          ?
        </text>
      );
    default:
      return null;
  }
}

/** What the shapes are filled with; once in each drawing. */
export function Hatches() {
  return (
    <defs>
      <pattern
        id="timeline-hatch"
        width={5}
        height={5}
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect className={css.hatchLine} width={2} height={5} />
      </pattern>
    </defs>
  );
}
