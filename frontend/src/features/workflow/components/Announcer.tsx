/** A live region: tells a screen reader, politely and once, what happens to the workflow that is watched. */
import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { type EventMessage, itemNames, type WorkflowSnapshot } from "@callboard/client";
import { announcementsOf, quarterPassed } from "../announcements";
import { useIsReplay } from "@/shared/hooks/useNow";

/** What comes together is told together. */
const GATHER_MS = 1000;

interface Props {
  workflow: WorkflowSnapshot;
  events: readonly EventMessage[];
}

/** Silent in a replay. */
export function Announcer(props: Props) {
  return useIsReplay() ? null : <News {...props} />;
}

function News({ workflow, events }: Props) {
  const told = useRef({ seq: workflow.seq, progress: workflow.progress });
  const [words, setWords] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => {
      const news = announcementsOf(events, told.current.seq, itemNames(workflow));
      const quarter = quarterPassed(told.current.progress, workflow.progress);
      told.current = {
        seq: Math.max(told.current.seq, events.at(-1)?.seq ?? 0),
        progress: Math.max(told.current.progress, workflow.progress),
      };
      const all = [...news, quarter].filter(Boolean).map((text) => text.replace(/\.$/, ""));
      if (all.length) setWords(`${all.join(". ")}.`);
    }, GATHER_MS);
    return () => clearTimeout(timer);
    // Not with every tick: only when there may be something to tell.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [events, Math.floor(workflow.progress * 4)]);
  return (
    <VisuallyHidden component="output" aria-live="polite" aria-label="What happens">
      {words}
    </VisuallyHidden>
  );
}
