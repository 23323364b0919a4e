/** The state of a workflow, a stage or a task as a word and an icon: never a colour alone. */
import {
  IconAlertTriangleFilled,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDotFilled,
  IconCircleX,
  IconClockHour4,
  IconMessageQuestion,
  IconPlayerPauseFilled,
} from "@tabler/icons-react";
import type { ComponentType } from "react";

import { stateLabel } from "@callboard/client";
import { stateTone, type Tone } from "@callboard/react";
import tones from "./tone.module.css";

type Icon = ComponentType<{ size?: number; "aria-hidden"?: boolean }>;

interface StateDisplay {
  label: string;
  tone: Tone;
  Icon: Icon;
}

const ICONS = new Map<string, Icon>([
  ["ready", IconClockHour4],
  ["running", IconCircleDotFilled],
  ["pausing", IconPlayerPauseFilled],
  ["paused", IconPlayerPauseFilled],
  ["cancelling", IconCircleX],
  ["cancelled", IconCircleX],
  ["completed", IconCircleCheckFilled],
  ["input_required", IconMessageQuestion],
  ["failed", IconAlertTriangleFilled],
]);

/** The label, tone and icon of a state; one that this page does not know is shown by its own name. */
export function stateDisplay(state: string): StateDisplay {
  return { label: stateLabel(state), tone: stateTone(state), Icon: ICONS.get(state) ?? IconCircle };
}

export function StateIcon({ state, size = 16 }: { state: string; size?: number }) {
  const { Icon, tone } = stateDisplay(state);
  return (
    <span className={tones[tone]} style={{ color: "var(--tone)", display: "inline-flex" }}>
      <Icon size={size} aria-hidden />
    </span>
  );
}

export function StateBadge({ state }: { state: string }) {
  const { label, tone, Icon } = stateDisplay(state);
  return (
    <span className={`${tones.badge} ${tones[tone]}`}>
      <Icon size={14} aria-hidden />
      {label}
    </span>
  );
}
