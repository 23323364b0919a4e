/** The page of a workflow as it was at any moment: a slider over its log, and the page below. */
import { useDeferredValue, useMemo, type ReactNode } from "react";

import type { EventMessage, WorkflowSnapshot } from "@callboard/client";
import { MomentContext } from "@/shared/hooks/useNow";
import { ReplayBar } from "./ReplayBar";
import css from "./Replay.module.css";
import { useMoment } from "./useMoment";
import { usePlayback } from "./usePlayback";
import { useReplayLog } from "./useReplayLog";

interface Props {
  /** As it is now. */
  workflow: WorkflowSnapshot;
  /** All that has happened. */
  events: readonly EventMessage[];
  /** The page, with what had happened until then. */
  children: (workflow: WorkflowSnapshot, events: readonly EventMessage[]) => ReactNode;
}

export default function Replay({ workflow, events, children }: Props) {
  const last = workflow.seq;
  const moment = useMoment(last);
  const playback = usePlayback(events, moment);
  const { log, prepared, error } = useReplayLog(workflow.id, events, last);
  const seq = useDeferredValue(Math.min(moment.seq, last)); // the slider moves on while the page is drawn
  const until = useMemo(() => events.slice(0, seq), [events, seq]);

  if (error) return <p role="alert">The replay could not be loaded: {error.message}</p>;
  if (!log) {
    return (
      <p className={css.preparing} aria-busy="true">
        Preparing the replay … {Math.round(prepared * 100)} %
      </p>
    );
  }
  const then = log.at(seq, events);
  return (
    <>
      <ReplayBar workflow={then} events={events} moment={moment} playback={playback} />
      <MomentContext value={Date.parse(until.at(-1)?.timestamp ?? workflow.created_at)}>
        {children(then, until)}
      </MomentContext>
    </>
  );
}
