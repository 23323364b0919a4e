/** One agent in detail: why it is as it is, what it does now, its last day, its switches, and who changed them. */
import { Drawer, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";

import {
  type AgentDetail,
  type AgentStatusBody,
  type AgentWork,
  capitalize,
  formatTimeAgo,
  humanize,
} from "@callboard/client";
import { useFocusBack } from "@/shared/hooks/useFocusBack";
import { useNow } from "@/shared/hooks/useNow";
import { useSession } from "@/shared/hooks/useSession";
import { useAgentDetails } from "../hooks/useAgentDetails";
import { AgentChart } from "./AgentChart";
import css from "./AgentDetails.module.css";
import { AgentSwitches } from "./AgentSwitches";
import { useAgentWork, WorkList } from "./AgentWork";

export function AgentDetails({ agent, onClose }: { agent: AgentStatusBody; onClose: () => void }) {
  useFocusBack();
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={capitalize(humanize(agent.agent_name))}
      styles={{ title: { fontWeight: 640 } }}
    >
      <Details agent={agent} />
    </Drawer>
  );
}

function Details({ agent }: { agent: AgentStatusBody }) {
  const { user } = useSession();
  const { detail, history, error, change } = useAgentDetails(agent.agent_name);
  const { data: work } = useAgentWork(agent.agent_name);
  const now = useNow(30_000);
  return (
    <div className={css.details}>
      <p className={css.about}>{agent.description}</p>
      {agent.reason && <p className={css.reason}>{capitalize(agent.reason)}</p>}
      {error && <p role="alert">{error.message}</p>}
      <Section title="Now">
        <Jobs agent={agent} work={work} now={now} />
      </Section>
      <Section title="The last day">
        {history ? <AgentChart history={history} now={now} /> : <Skeleton height={220} />}
      </Section>
      <Failures agent={agent} work={work} now={now} />
      {user?.can_change_agents && (
        <Section title="Switches">
          <AgentSwitches agent={agent} onChange={change} />
        </Section>
      )}
      {detail && detail.changes.length > 0 && (
        <Section title="What people changed">
          <Changes changes={detail.changes} now={now} />
        </Section>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Jobs({ agent, work, now }: { agent: AgentStatusBody; work: AgentWork | undefined; now: number }) {
  return (
    <>
      <p>
        {agent.in_flight} of at most {agent.max_concurrent} jobs
      </p>
      {work && <WorkList items={work.running} now={now} />}
    </>
  );
}

/** With the workflows, where they are known: they are those of the last week that the person may see. */
function Failures({
  agent,
  work,
  now,
}: {
  agent: AgentStatusBody;
  work: AgentWork | undefined;
  now: number;
}) {
  if (work && work.failures.length > 0) {
    return (
      <Section title="Recent failures">
        <WorkList items={work.failures} now={now} />
      </Section>
    );
  }
  if (!agent.last_error) return null;
  return (
    <Section title="Last error">
      <p className={css.error}>{agent.last_error}</p>
    </Section>
  );
}

function Changes({ changes, now }: { changes: AgentDetail["changes"]; now: number }) {
  return (
    <ul className={css.list}>
      {changes.map(({ what, by, why, at }) => (
        <li key={`${at} ${what}`}>
          <b>{capitalize(what)}</b> {by && `by ${by}`}
          {why && `: ${why}`} <small>{formatTimeAgo(at, now)}</small>
        </li>
      ))}
    </ul>
  );
}
