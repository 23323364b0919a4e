/** Rooms in which only the newest message counts: agents and the coordinator. */

import type { AgentStatusBody, AgentStatusMessage, CoordinatorMetricsBody } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { Room } from "./Room";

/** Agents by name. */
export type AgentStatuses = Readonly<Record<string, AgentStatusBody>>;

export class AgentRoom extends Room<AgentStatuses> {
  override accept(message: SingleMessage): void {
    if (message.type === "agent_status") this.update(message);
    if (message.type === "subscribed" && message.target === "agent") this.replace(message.snapshot);
  }

  replace(agents: AgentStatusBody[]): void {
    this.hear(Object.fromEntries(agents.map((agent) => [agent.agent_name, agent])));
  }

  private update(message: AgentStatusMessage): void {
    this.hear({ ...this.view.value, [message.agent_name]: message });
  }
}

export class CoordinatorRoom extends Room<CoordinatorMetricsBody> {
  override accept(message: SingleMessage): void {
    if (message.type === "coordinator_metrics") this.replace(message);
    if (message.type === "subscribed" && message.target === "coordinator") this.replace(message.snapshot);
  }

  replace(metrics: CoordinatorMetricsBody): void {
    this.hear(metrics);
  }
}
