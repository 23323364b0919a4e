import { type AgentStatusBody, capitalize, formatDuration, humanize } from "@callboard/client";
import type { Tone } from "./tones";

interface Props {
  agent: AgentStatusBody;
  /** Makes the name a button. */
  onOpen?: () => void;
}

const STATES: Record<AgentStatusBody["status"], { label: string; tone: Tone }> = {
  busy: { label: "Busy", tone: "accent" },
  idle: { label: "Idle", tone: "ok" },
  error: { label: "Error", tone: "bad" },
  offline: { label: "Offline", tone: "mute" },
};

/** An agent, to embed: its status, what it has done, and why it is off where it is. */
export function AgentStatusCard({ agent, onOpen }: Props) {
  const { label, tone } = agentStatus(agent);
  const name = capitalize(humanize(agent.agent_name));
  return (
    <article className="callboard callboard-agent" aria-label={name} data-tone={tone}>
      <header>
        <strong>
          {onOpen ? (
            <button type="button" onClick={onOpen}>
              {name}
            </button>
          ) : (
            name
          )}
        </strong>
        <span className="callboard-state">{label}</span>
      </header>
      <p>{agent.reason || agent.description}</p>
      <dl>
        {figuresOf(agent).map(([term, figure]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

/** The word for how an agent stands, with its tone: people's switches count before what it does. */
export function agentStatus(agent: AgentStatusBody): { label: string; tone: Tone } {
  if (!agent.enabled) return { label: "Off", tone: "mute" };
  if (agent.draining) return { label: "Draining", tone: "wait" };
  return STATES[agent.status];
}

function figuresOf({ metrics }: AgentStatusBody): [string, string][] {
  return [
    ["Messages", metrics.message_count.toLocaleString()],
    ["Errors", `${(metrics.error_rate * 100).toFixed(1)} %`],
    ["Average", metrics.message_count ? formatDuration(metrics.avg_execution_time) : "–"],
  ];
}
