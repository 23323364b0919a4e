/** One agent: status, error rate, average execution time, health and skills. */
import { UnstyledButton } from "@mantine/core";
import {
  IconAlertTriangleFilled,
  IconCircleDashed,
  IconCircleDotFilled,
  IconPlayerPause,
  IconPlugConnectedX,
} from "@tabler/icons-react";

import {
  type AgentHistory,
  type AgentState,
  type AgentStatusBody,
  capitalize,
  formatDuration,
  humanize,
} from "@callboard/client";
import css from "./AgentStatusCard.module.css";
import { Sparkline } from "./Sparkline";
import { agentStatus } from "@callboard/react";
import tones from "@/shared/components/tone.module.css";

const ICONS: Record<AgentState, typeof IconCircleDashed> = {
  busy: IconCircleDotFilled,
  idle: IconCircleDashed,
  error: IconAlertTriangleFilled,
  offline: IconPlugConnectedX,
};

interface Props {
  agent: AgentStatusBody;
  /** Its last hour; undefined until it is known. */
  history?: AgentHistory | undefined;
  /** In ms since 1970. */
  now: number;
  onOpen: () => void;
}

export function AgentStatusCard({ agent, history, now, onOpen }: Props) {
  const { label, tone } = agentStatus(agent);
  const Icon = agent.enabled && !agent.draining ? ICONS[agent.status] : IconPlayerPause;
  return (
    <article
      className={`${css.card} ${agent.status === "offline" || agent.draining ? css.off : ""}`}
      aria-label={agent.agent_name}
    >
      <div className={css.head}>
        <h2 className={css.name}>
          <UnstyledButton className={css.open} onClick={onOpen}>
            {capitalize(humanize(agent.agent_name))}
          </UnstyledButton>
        </h2>
        <span className={`${tones.badge} ${tones[tone]}`}>
          <Icon size={14} aria-hidden />
          {label}
          {agent.in_flight > 0 && ` · ${agent.in_flight} of ${agent.max_concurrent}`}
        </span>
      </div>
      <p className={css.about}>{agent.description}</p>
      {agent.reason && (
        <p className={isFailing(agent) ? css.error : css.reason}>{capitalize(agent.reason)}</p>
      )}
      <Figures agent={agent} />
      <Sparkline history={history} now={now} />
      {isFailing(agent) && agent.last_error && <p className={css.error}>{agent.last_error}</p>}
      <ul className={css.skills} aria-label="Skills">
        {agent.skills.map((skill) => (
          <li key={skill.id} title={skill.description}>
            {skill.name}
          </li>
        ))}
      </ul>
    </article>
  );
}

/** Who takes an agent out of service knows what it does: that is no fault of the agent. */
export function isFailing(agent: AgentStatusBody): boolean {
  return agent.enabled && !agent.draining && !agent.metrics.is_healthy;
}

function healthOf(agent: AgentStatusBody): string {
  if (!agent.enabled || agent.draining) return "Off";
  return agent.metrics.is_healthy ? "Good" : "Failing";
}

function Figures({ agent }: { agent: AgentStatusBody }) {
  const { metrics } = agent;
  const hasErrors = metrics.error_count > 0;
  return (
    <dl className={css.figures}>
      <div>
        <dt>Messages</dt>
        <dd>{metrics.message_count.toLocaleString()}</dd>
      </div>
      <div>
        <dt>Errors</dt>
        <dd className={hasErrors ? css.bad : ""}>
          {metrics.error_count.toLocaleString()}
          {hasErrors && <small> {(metrics.error_rate * 100).toFixed(1)} %</small>}
        </dd>
      </div>
      <div>
        <dt>Average</dt>
        <dd>{metrics.message_count ? formatDuration(metrics.avg_execution_time) : "–"}</dd>
      </div>
      <div>
        <dt>Health</dt>
        <dd className={isFailing(agent) ? css.bad : ""}>{healthOf(agent)}</dd>
      </div>
    </dl>
  );
}
