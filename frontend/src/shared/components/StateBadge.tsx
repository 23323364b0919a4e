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

import type { Tone } from "./tone";
import tones from "./tone.module.css";

interface StateDisplay {
  label: string;
  tone: Tone;
  Icon: ComponentType<{ size?: number; "aria-hidden"?: boolean }>;
}

const DISPLAYS: Record<string, StateDisplay> = {
  pending: { label: "Waiting", tone: "mute", Icon: IconCircle },
  ready: { label: "Next", tone: "mute", Icon: IconClockHour4 },
  running: { label: "Running", tone: "accent", Icon: IconCircleDotFilled },
  pausing: { label: "Pausing", tone: "wait", Icon: IconPlayerPauseFilled },
  paused: { label: "Paused", tone: "wait", Icon: IconPlayerPauseFilled },
  cancelling: { label: "Cancelling", tone: "mute", Icon: IconCircleX },
  cancelled: { label: "Cancelled", tone: "mute", Icon: IconCircleX },
  completed: { label: "Completed", tone: "ok", Icon: IconCircleCheckFilled },
  input_required: { label: "Needs your answer", tone: "wait", Icon: IconMessageQuestion },
  failed: { label: "Failed", tone: "bad", Icon: IconAlertTriangleFilled },
};

/** The label, tone and icon of a state; one that this page does not know is shown by its own name. */
export function stateDisplay(state: string): StateDisplay {
  return DISPLAYS[state] ?? { label: state, tone: "mute", Icon: IconCircle };
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
