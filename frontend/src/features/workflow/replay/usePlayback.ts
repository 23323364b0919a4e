import { useEffect, useMemo, useRef, useState } from "react";

import type { EventMessage } from "@callboard/client";
import { playbackTimes, seqAt } from "./playback";
import type { Moment } from "./useMoment";

const TICK_MS = 100;

export interface Playback {
  isPlaying: boolean;
  speed: number;
  setSpeed: (speed: number) => void;
  /** Plays from where it stands, at the end from the beginning; or stops. */
  toggle: () => void;
}

/** Lets the moment follow the clock, `speed` times as fast as the workflow was. */
export function usePlayback(
  events: readonly EventMessage[],
  { seq, jumps, jump, advance }: Moment,
): Playback {
  const [wantsToPlay, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const times = useMemo(() => playbackTimes(events), [events]);
  const shown = useRef(seq);
  const isOver = seq >= events.length;
  const isPlaying = wantsToPlay && !isOver;

  useEffect(() => {
    shown.current = seq;
  }, [seq]);

  useEffect(() => {
    if (!isPlaying) return undefined;
    let ms = times[shown.current] ?? 0;
    let before = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      ms += (now - before) * speed;
      before = now;
      advance(seqAt(times, ms));
    }, TICK_MS);
    return () => clearInterval(timer);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- it begins anew where a jump has led
  }, [isPlaying, times, speed, jumps, advance]);

  const toggle = () => {
    if (isOver) jump(0);
    setPlaying(!isPlaying);
  };
  return { isPlaying, speed, setSpeed, toggle };
}
