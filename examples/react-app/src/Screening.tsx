import { useEffect, useState } from "react";

import {
  ALLOWED_ACTIONS,
  type Action,
  type ArtifactBody,
  type EventMessage,
} from "@callboard/client";
import {
  useCallboard,
  useControl,
  useWebSocket,
  useWorkflow,
  WorkflowProgress,
} from "@callboard/react";

const ACTIONS: Action[] = ["pause", "resume", "cancel"];
const SHOWN_EVENTS = 6;

/** One film: its progress, the newest picture, what may be done, and what happens. */
export function Screening({ id }: { id: string }) {
  const { snapshot, error, isStale } = useWorkflow(id);
  if (error) return <p role="alert">{error.message}</p>;
  if (!snapshot) return <p>Loading …</p>;
  return (
    <>
      <WorkflowProgress workflow={snapshot} isStale={isStale} />
      <Picture artifacts={snapshot.artifacts} />
      <Controls id={id} allowed={ALLOWED_ACTIONS[snapshot.state]} />
      <Ticker id={id} />
    </>
  );
}

function Picture({ artifacts }: { artifacts: readonly ArtifactBody[] }) {
  const { urlOf } = useCallboard().connection;
  const film = artifacts.findLast(({ kind }) => kind === "video");
  const frame = artifacts.findLast(({ kind }) => kind === "frame");
  if (film) return <video controls src={urlOf(film)} aria-label="The film" />;
  if (frame) return <img src={urlOf(frame)} alt="The newest frame" />;
  return <p className="screen">The first frame is on its way.</p>;
}

function Controls({ id, allowed }: { id: string; allowed: readonly Action[] }) {
  const { send, pending, lastResult } = useControl(id);
  return (
    <p className="controls">
      {ACTIONS.filter((action) => allowed.includes(action)).map((action) => (
        <button
          key={action}
          type="button"
          disabled={pending.includes(action)}
          onClick={() => void send(action)}
        >
          {action}
        </button>
      ))}
      <output>
        {lastResult &&
          `${lastResult.action}: ${lastResult.outcome.replace("_", " ")} ${lastResult.reason}`}
      </output>
    </p>
  );
}

/** The events as they come, by the hook for messages. */
function Ticker({ id }: { id: string }) {
  const [events, setEvents] = useState<EventMessage[]>([]);
  const { subscribe } = useWebSocket({ url: `/ws/workflow/${id}` });
  useEffect(
    () =>
      subscribe("event", (event) =>
        setEvents((all) => [event, ...all].slice(0, SHOWN_EVENTS)),
      ),
    [subscribe],
  );
  return (
    <ol className="ticker" aria-label="What happens" reversed>
      {events.map(({ seq, kind }) => (
        <li key={seq}>
          {seq} {kind.replaceAll("_", " ")}
        </li>
      ))}
    </ol>
  );
}
