import type { CoordinatorMetricsBody } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { Room } from "./Room";

/** The coordinator's metrics: each message replaces the one before. */
export class CoordinatorRoom extends Room<CoordinatorMetricsBody> {
  override receive(message: SingleMessage): void {
    if (message.type === "coordinator_metrics") this.replace(message);
    if (message.type === "subscribed" && message.target === "coordinator") this.replace(message.snapshot);
  }

  replace(metrics: CoordinatorMetricsBody): void {
    this.update(metrics);
  }
}
