/** One agent: status, error rate, average execution time, health and skills. */
import {
  IconAlertTriangleFilled,
  IconCircleDashed,
  IconCircleDotFilled,
  IconPlugConnectedX,
} from "@tabler/icons-react";

import type { AgentState, AgentStatusBody } from "@/realtime/messages.gen";
import css from "./AgentStatusCard.module.css";
import { capitalize, humanize } from "@/shared/formatText";
import type { Tone } from "@/shared/components/tone";
import { formatDuration } from "@/shared/formatTime";
import tones from "@/shared/components/tone.module.css";

export const AGENT_STATES: Record<AgentState, { label: string; tone: Tone; Icon: typeof IconCircleDashed }> =
  {
    busy: { label: "Busy", tone: "accent", Icon: IconCircleDotFilled },
    idle: { label: "Idle", tone: "ok", Icon: IconCircleDashed },
    error: { label: "Error", tone: "bad", Icon: IconAlertTriangleFilled },
    offline: { label: "Offline", tone: "mute", Icon: IconPlugConnectedX },
  };

export function AgentStatusCard({ agent }: { agent: AgentStatusBody }) {
  const { label, tone, Icon } = AGENT_STATES[agent.status];
  return (
    <article
      className={`${css.card} ${agent.status === "offline" || !agent.is_enabled ? css.off : ""}`}
      aria-label={agent.agent_name}
    >
      <div className={css.head}>
        <h2 className={css.name}>{capitalize(humanize(agent.agent_name))}</h2>
        <span className={`${tones.badge} ${tones[tone]}`}>
          <Icon size={14} aria-hidden />
          {label}
          {agent.in_flight > 1 && ` · ${agent.in_flight} jobs`}
        </span>
      </div>
      <p className={css.about}>
        {agent.is_enabled ? agent.description : `Disabled: it gets no new tasks. ${agent.description}`}
      </p>
      <Figures agent={agent} />
      {(agent.status === "error" || !agent.metrics.is_healthy) && agent.last_error && (
        <p className={css.error}>{agent.last_error}</p>
      )}
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

function Figures({ agent: { metrics } }: { agent: AgentStatusBody }) {
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
        <dd className={metrics.is_healthy ? "" : css.bad}>{metrics.is_healthy ? "Good" : "Failing"}</dd>
      </div>
    </dl>
  );
}
