import { useEffect, useState } from "react";

import type { Client } from "@callboard/client";
import { CallboardProvider, useConnection } from "@callboard/react";
import { Door } from "./Door";
import { Films } from "./Films";
import { Screening } from "./Screening";

interface Visit {
  client: Client;
  /** The only workflow that may be seen; null: all of the person's. */
  workflowId: string | null;
}

/** Films of a Callboard server, live, on another site. */
export function App() {
  const [visit, setVisit] = useState<Visit | null>(null);
  useEffect(() => () => visit?.client.close(), [visit]);
  if (!visit)
    return (
      <Door
        onEnter={(client, workflowId) => setVisit({ client, workflowId })}
      />
    );
  return (
    <CallboardProvider client={visit.client}>
      <Room only={visit.workflowId} onLeave={() => setVisit(null)} />
    </CallboardProvider>
  );
}

function Room({ only, onLeave }: { only: string | null; onLeave: () => void }) {
  const [chosen, setChosen] = useState(only);
  return (
    <main>
      <header className="top">
        <h1>Screening room</h1>
        <Line />
        <button type="button" onClick={onLeave}>
          Leave
        </button>
      </header>
      {only === null && <Films chosen={chosen} onChoose={setChosen} />}
      {chosen !== null && <Screening key={chosen} id={chosen} />}
    </main>
  );
}

const WORDS = {
  live: "Live",
  polling: "Live, a little late",
  connecting: "Connecting",
} as Record<string, string>;

function Line() {
  const { state, problem } = useConnection();
  return (
    <output className="line">
      {problem ?? WORDS[state] ?? "No connection"}
    </output>
  );
}
