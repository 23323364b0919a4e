/** The events of a workflow as sentences, newest first. */
import { Button, Switch } from "@mantine/core";
import { useState } from "react";

import type { EventMessage } from "@callboard/client";
import css from "./ActivityLog.module.css";
import { describeEvent } from "../describeEvent";
import { formatTimeOfDay } from "@/shared/formatTime";
import tones from "@/shared/components/tone.module.css";

const SHOWN_AT_FIRST = 60;

export function ActivityLog({ events }: { events: readonly EventMessage[] }) {
  const [limit, setLimit] = useState(SHOWN_AT_FIRST);
  const [hasDetails, setDetails] = useState(false);
  const entries = events
    .map((event) => ({ event, sentence: describeEvent(event) }))
    .filter(({ sentence }) => hasDetails || !sentence.isDetail)
    .toReversed();
  return (
    <section aria-label="Activity">
      <div className={css.head}>
        <h2 style={{ margin: 0, fontSize: 17 }}>Activity</h2>
        <Switch
          size="xs"
          label="Details"
          checked={hasDetails}
          onChange={(event) => setDetails(event.currentTarget.checked)}
        />
      </div>
      {!entries.length && <p className={css.empty}>Nothing has happened yet.</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling list must be reachable by key */}
      <ol className={css.list} tabIndex={0} aria-label="Events, newest first">
        {entries.slice(0, limit).map(({ event, sentence }) => (
          <li key={event.seq} className={css.entry}>
            <time dateTime={event.timestamp}>{formatTimeOfDay(event.timestamp)}</time>
            <span className={`${css.text} ${tones[sentence.tone]} ${sentence.isDetail ? css.detail : ""}`}>
              {sentence.text}
            </span>
          </li>
        ))}
        {entries.length > limit && (
          <li>
            <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setLimit(limit * 4)}>
              Show earlier
            </Button>
          </li>
        )}
      </ol>
    </section>
  );
}
