/** The controls of a replay: which moment is shown, playing, and the way back to now. */
import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import {
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerTrackNextFilled,
  IconPlayerTrackPrevFilled,
} from "@tabler/icons-react";
import { memo, useEffect, useMemo, useRef, type CSSProperties } from "react";
import { Link, useSearchParams } from "react-router";

import { type EventMessage, formatTimeOfDay, type WorkflowSnapshot } from "@callboard/client";
import tones from "@/shared/components/tone.module.css";
import { describeEvent } from "../describeEvent";
import { landmarksOf, type Landmark } from "./landmarks";
import css from "./ReplayBar.module.css";
import type { Playback } from "./usePlayback";
import { withMoment } from "./moment";
import type { Moment } from "./useMoment";

const SPEEDS = [1, 4, 16];

interface Props {
  /** As it was. */
  workflow: WorkflowSnapshot;
  events: readonly EventMessage[];
  moment: Moment;
  playback: Playback;
}

export function ReplayBar({ workflow, events, moment, playback }: Props) {
  const [parameters] = useSearchParams();
  const landmarks = useMemo(() => landmarksOf(events), [events]);
  const slider = useRef<HTMLInputElement>(null);
  const { seq, jump } = moment;
  const { timestamp, what } = shownOf(events[seq - 1], workflow);
  const time = formatTimeOfDay(timestamp);

  useEffect(() => slider.current?.focus({ preventScroll: true }), []);

  return (
    <section className={css.bar} aria-label="Replay">
      <div className={css.row}>
        <Buttons landmarks={landmarks} last={events.length} moment={moment} playback={playback} />
        <p className={css.what}>
          <time dateTime={timestamp}>{time}</time> <span>{what}</span>
        </p>
        <Button
          component={Link}
          to={{ search: withMoment(parameters, null).toString() }}
          size="compact-md"
          preventScrollReset
        >
          Back to now
        </Button>
      </div>
      <div className={css.track}>
        <Landmarks landmarks={landmarks} last={events.length} />
        <input
          ref={slider}
          className={css.slider}
          style={{ "--share": `${(100 * seq) / Math.max(1, events.length)}%` } as CSSProperties}
          type="range"
          min={0}
          max={events.length}
          value={seq}
          aria-label="Moment of the replay"
          aria-valuetext={`${time}, ${what}; event ${seq} of ${events.length}`}
          onChange={(change) => jump(Number(change.target.value))}
        />
      </div>
      <p className={css.note}>
        You see this workflow as it was after {seq.toLocaleString("en")} of{" "}
        {events.length.toLocaleString("en")} events. Nothing can be controlled here.
      </p>
    </section>
  );
}

function shownOf(event: EventMessage | undefined, { created_at }: WorkflowSnapshot) {
  if (!event) return { timestamp: created_at, what: "Before it began" };
  return { timestamp: event.timestamp, what: describeEvent(event).text };
}

interface ButtonsProps extends Pick<Props, "moment" | "playback"> {
  landmarks: readonly Landmark[];
  last: number;
}

function Buttons({ landmarks, last, moment: { seq, jump }, playback }: ButtonsProps) {
  const earlier = landmarks.findLast((each) => each.seq < seq)?.seq ?? 0;
  const later = landmarks.find((each) => each.seq > seq)?.seq ?? last;
  const { isPlaying, toggle, speed, setSpeed } = playback;
  return (
    <>
      <ActionIcon {...QUIET} aria-label="To the landmark before" onClick={() => jump(earlier)}>
        <IconPlayerTrackPrevFilled size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon size={36} radius="xl" aria-label={isPlaying ? "Pause the replay" : "Play"} onClick={toggle}>
        {isPlaying ? (
          <IconPlayerPauseFilled size={18} aria-hidden />
        ) : (
          <IconPlayerPlayFilled size={18} aria-hidden />
        )}
      </ActionIcon>
      <ActionIcon {...QUIET} aria-label="To the next landmark" onClick={() => jump(later)}>
        <IconPlayerTrackNextFilled size={16} aria-hidden />
      </ActionIcon>
      <SegmentedControl
        size="xs"
        aria-label="Speed of the replay"
        value={String(speed)}
        onChange={(chosen) => setSpeed(Number(chosen))}
        data={SPEEDS.map((each) => ({ value: String(each), label: `${each}×` }))}
      />
    </>
  );
}

const QUIET = { variant: "subtle", color: "gray", size: 32 } as const;

/** Marks on the slider: where stages began, what went wrong, where it paused. */
const Landmarks = memo(function Landmarks({
  landmarks,
  last,
}: {
  landmarks: readonly Landmark[];
  last: number;
}) {
  return (
    <div className={css.landmarks} aria-hidden>
      {landmarks.map(({ seq, tone }) => (
        <i key={seq} className={tones[tone]} style={{ left: `${(100 * seq) / Math.max(1, last)}%` }} />
      ))}
    </div>
  );
});
