/** All attempts as a table, the newest first. */
import { Button } from "@mantine/core";
import { useState } from "react";

import { capitalize, formatDuration, formatTimeOfDay, humanize, taskName } from "@callboard/client";
import { OUTCOMES, type Attempt } from "./attempts";
import { lookOf } from "./bars";
import css from "./AttemptTable.module.css";

const SHOWN_AT_ONCE = 100;

export function AttemptTable({ attempts, now }: { attempts: readonly Attempt[]; now: number }) {
  const [limit, setLimit] = useState(SHOWN_AT_ONCE);
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by key */}
      <section className={css.scroll} tabIndex={0} aria-label="Attempts">
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col">Task</th>
              <th scope="col">Try</th>
              <th scope="col">Began</th>
              <th scope="col">Took</th>
              <th scope="col">Outcome</th>
              <th scope="col">What was said</th>
            </tr>
          </thead>
          <tbody>
            {attempts
              .slice(-limit)
              .toReversed()
              .map((attempt) => (
                <tr key={attempt.id}>
                  <td>{capitalize(humanize(attempt.agent))}</td>
                  <td>{taskName(attempt.task)}</td>
                  <td>{attempt.number}</td>
                  <td>{formatTimeOfDay(new Date(attempt.start).toISOString())}</td>
                  <td>{formatDuration(Math.max(0, (attempt.end ?? now) - attempt.start) / 1000)}</td>
                  <td>{OUTCOMES[lookOf(attempt)]}</td>
                  <td>{attempt.reason || attempt.message || "–"}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </section>
      {attempts.length > limit && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          mt={8}
          onClick={() => setLimit(limit + 5 * SHOWN_AT_ONCE)}
        >
          Show earlier ones ({(attempts.length - limit).toLocaleString("en")})
        </Button>
      )}
    </>
  );
}
