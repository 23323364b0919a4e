import type { AgentStatusBody, AgentStatusMessage } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { Room } from "./Room";

/** Agents by name. */
export type AgentStatuses = Readonly<Record<string, AgentStatusBody>>;

/** The statuses of one agent, or of all: each message replaces what was known of its agent. */
export class AgentRoom extends Room<AgentStatuses> {
  override receive(message: SingleMessage): void {
    if (message.type === "agent_status") this.updateAgent(message);
    if (message.type === "subscribed" && message.target === "agent") this.replace(message.snapshot);
  }

  /** `agents` are all there are in this room. */
  replace(agents: AgentStatusBody[]): void {
    this.update(Object.fromEntries(agents.map((agent) => [agent.agent_name, agent])));
  }

  private updateAgent(message: AgentStatusMessage): void {
    this.update({ ...this.view.value, [message.agent_name]: message });
  }
}
