import type { Tone } from "./tones";

interface Props {
  /** 0.0-1.0. */
  value: number;
  label: string;
  tone?: Tone;
  /** px */
  height?: number;
}

/** Whole per cent, rounded down; 100 only for 1.0. */
export function percent(value: number): number {
  return value >= 1 ? 100 : Math.min(99, Math.floor(Math.max(0, value) * 100));
}

/** A progress bar that screen readers can read. */
export function ProgressBar({ value, label, tone = "accent", height = 6 }: Props) {
  const done = percent(value);
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no browser lets <progress> move smoothly
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={done}
      aria-valuetext={`${done} %`}
      className="callboard-bar"
      data-tone={tone}
      style={{ height }}
    >
      <div style={{ transform: `scaleX(${Math.min(1, Math.max(0, value))})` }} />
    </div>
  );
}
