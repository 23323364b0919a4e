/** The events of a workflow as sentences, newest first. */
import { Button, Switch } from "@mantine/core";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";

import { type EventMessage, formatTimeOfDay, type ItemNames } from "@callboard/client";
import css from "./ActivityLog.module.css";
import { describeEvent } from "../describeEvent";
import { withMoment } from "../replay/moment";
import tones from "@/shared/components/tone.module.css";

const SHOWN_AT_FIRST = 60;

interface Props {
  events: readonly EventMessage[];
  names: ItemNames;
}

export function ActivityLog({ events, names }: Props) {
  const [limit, setLimit] = useState(SHOWN_AT_FIRST);
  const [hasDetails, setDetails] = useState(false);
  const [parameters] = useSearchParams();
  const entries = events
    .map((event) => ({ event, sentence: describeEvent(event, names) }))
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
            <Link
              to={{ search: withMoment(parameters, event.seq).toString() }}
              title="Show the page as it was then"
              preventScrollReset
            >
              <time dateTime={event.timestamp}>{formatTimeOfDay(event.timestamp)}</time>
            </Link>
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
