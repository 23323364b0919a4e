/** For operators: who works, what waits, and whether the parts that Callboard stands on are well. Asked for again every few seconds. */
import { Skeleton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import {
  type ApiError,
  capitalize,
  formatDuration,
  formatTimeAgo,
  humanize,
  type Operations,
} from "@callboard/client";
import { OperatorsOnly } from "@/shared/components/OperatorsOnly";
import { stateDisplay } from "@/shared/components/StateBadge";
import type { Tone } from "@callboard/react";
import tones from "@/shared/components/tone.module.css";
import { formatBytes } from "@/shared/formatBytes";
import { useSession } from "@/shared/hooks/useSession";
import { useServices } from "@/shared/services";
import css from "./OperationsPage.module.css";

const ASK_MS = 3_000;
/** As the alert of deploy/prometheus has it. */
const LITTLE_SPACE = 0.1;

export function OperationsPage() {
  const { user } = useSession();
  const { api } = useServices();
  const { data, error } = useQuery<Operations, ApiError>({
    queryKey: ["operations"],
    queryFn: ({ signal }) => api.operations(signal),
    placeholderData: keepPreviousData,
    refetchInterval: ASK_MS,
    enabled: user?.can_view_agents === true,
  });
  if (error?.status === 403 || (user && !user.can_view_agents))
    return <OperatorsOnly what="see how the installation is" />;
  return (
    <>
      <title>Operations – Callboard</title>
      <h1 className={css.heading}>Operations</h1>
      {error && <Stale error={error} />}
      {data ? <Content operations={data} /> : <Skeleton height={420} aria-label="Loading the operations" />}
    </>
  );
}

function Stale({ error }: { error: ApiError }) {
  return (
    <p role="alert" className={css.stale}>
      <IconAlertTriangle size={17} aria-hidden /> {error.message} The figures may be out of date.
    </p>
  );
}

function Content({ operations }: { operations: Operations }) {
  return (
    <>
      <Health operations={operations} />
      <div className={css.columns}>
        <Runners operations={operations} />
        <Queue operations={operations} />
        <Workflows operations={operations} />
        <Connections operations={operations} />
      </div>
      <p className={css.foot}>Callboard {operations.version}</p>
    </>
  );
}

interface Item {
  name: string;
  tone: Tone;
  state: string;
  detail: string;
}

function Health({ operations }: { operations: Operations }) {
  return (
    <ul className={css.health} aria-label="Health">
      {healthOf(operations).map(({ name, tone, state, detail }) => (
        <li key={name} className={tones[tone]}>
          <span className={css.name}>{name}</span>
          <strong>{state}</strong>
          <small>{detail}</small>
        </li>
      ))}
    </ul>
  );
}

function healthOf({
  database,
  channel_layer: layer,
  runner,
  stuck_threads,
  storage,
  ...rest
}: Operations): Item[] {
  return [
    checkOf("Database", database),
    checkOf("Channel layer", layer),
    runnerOf(runner, rest.unserved_skills),
    storageOf(storage),
    ...(stuck_threads > 0
      ? [
          {
            name: "Threads",
            tone: "bad" as const,
            state: `${stuck_threads} stuck`,
            detail: "An agent does not stop.",
          },
        ]
      : []),
  ];
}

function checkOf(name: string, { kind, is_ok, milliseconds }: Operations["database"]): Item {
  if (!is_ok) return { name, tone: "bad", state: "Out of reach", detail: kind };
  const time = milliseconds === null || milliseconds < 1 ? "under 1 ms" : `${Math.round(milliseconds)} ms`;
  return { name, tone: "ok", state: "Well", detail: `${kind}, ${time}` };
}

const RUNNER_STATES: Record<string, string> = {
  stopped: "This server's has stopped",
  silent: "This server's gives no sign of life",
  stuck: "This server's is stuck",
  missing: "None runs work: start a worker",
  unknown: "Not known",
};

function runnerOf(runner: string, unserved: readonly string[]): Item {
  const name = "Runner";
  if (runner !== "ok") return { name, tone: "bad", state: RUNNER_STATES[runner] ?? runner, detail: "" };
  if (unserved.length === 0) return { name, tone: "ok", state: "Well", detail: "every skill is served" };
  return {
    name,
    tone: "wait",
    state: "In part",
    detail: `Nobody does ${unserved.map(humanize).join(", ")}.`,
  };
}

function storageOf({ kind, free_bytes: free, total_bytes: total }: Operations["storage"]): Item {
  const name = "Storage";
  if (free === null || total === null) return { name, tone: "mute", state: kind, detail: "" };
  const isShort = free < LITTLE_SPACE * total;
  const detail = `of ${formatBytes(total)}`;
  return { name, tone: isShort ? "bad" : "ok", state: `${formatBytes(free)} free`, detail };
}

function Panel({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className={css.panel} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {note && <span>{note}</span>}
      </header>
      {children}
    </section>
  );
}

function Table({ head, children }: { head: readonly string[]; children: ReactNode }) {
  return (
    <div className={css.scroll}>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function Runners({ operations: { runners, timestamp } }: { operations: Operations }) {
  const now = Date.parse(timestamp);
  const alive = runners.filter(({ is_alive }) => is_alive);
  const threads = alive.reduce((sum, runner) => sum + runner.threads, 0);
  const note = `${alive.length} alive, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return (
    <Panel title="Runners and workers" note={note}>
      {runners.length === 0 ? (
        <p className={css.none}>Nobody runs work. Start a worker, or a server with RUNNER=local.</p>
      ) : (
        <Table head={["Runner", "Kind", "Busy", "Does", "Last seen"]}>
          {runners.map((runner) => (
            <tr key={runner.name} className={runner.is_alive ? "" : css.dead}>
              <th scope="row">
                {runner.host} <small>{runner.name}</small>
              </th>
              <td>{runner.kind}</td>
              <td>
                {runner.running} of {runner.threads}
              </td>
              <td>{runner.skills === null ? "everything" : runner.skills.map(humanize).join(", ")}</td>
              <td>{runner.is_alive ? "now" : `died, ${formatTimeAgo(runner.last_seen_at, now)}`}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Queue({ operations: { queue } }: { operations: Operations }) {
  const ready = queue.reduce((sum, skill) => sum + skill.ready, 0);
  const running = queue.reduce((sum, skill) => sum + skill.running, 0);
  return (
    <Panel title="Queue" note={`${ready} waiting, ${running} running`}>
      {queue.length === 0 ? (
        <p className={css.none}>Nothing waits.</p>
      ) : (
        <Table head={["Skill", "Waiting", "Running", "Oldest"]}>
          {queue.map((skill) => (
            <tr key={skill.skill}>
              <th scope="row">{capitalize(humanize(skill.skill))}</th>
              <td>{skill.ready}</td>
              <td>{skill.running}</td>
              <td>{skill.oldest_seconds === null ? "–" : formatDuration(skill.oldest_seconds)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Workflows({ operations: { workflows } }: { operations: Operations }) {
  const states = Object.entries(workflows).toSorted(([, a], [, b]) => b - a);
  const total = states.reduce((sum, [, count]) => sum + count, 0);
  return (
    <Panel title="Workflows" note={`${total.toLocaleString()} in all`}>
      {total === 0 ? (
        <p className={css.none}>None yet.</p>
      ) : (
        <Table head={["State", "Workflows"]}>
          {states.map(([state, count]) => (
            <tr key={state}>
              <th scope="row">{stateDisplay(state).label}</th>
              <td>{count.toLocaleString()}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Connections({ operations: { connections } }: { operations: Operations }) {
  const total = connections.processes.reduce((sum, process) => sum + process.clients, 0);
  const watched = Object.entries(connections.watchers);
  return (
    <Panel
      title="Connections"
      note={`${total} in ${countOf(connections.processes.length, "process", "processes")}`}
    >
      <Table head={["Server process", "Sockets"]}>
        {connections.processes.map((process) => (
          <tr key={process.name}>
            <th scope="row">
              {process.is_this ? "This one" : "Another"} <small>{process.name}</small>
            </th>
            <td>{process.clients}</td>
          </tr>
        ))}
      </Table>
      <p className={css.note}>
        This one serves {countOf(connections.users, "person", "people")} in{" "}
        {countOf(connections.rooms, "room", "rooms")}
        {watched.length > 0 && `: ${watched.map(([target, count]) => `${target} ${count}`).join(", ")}`}.
      </p>
    </Panel>
  );
}

function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
