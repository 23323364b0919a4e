/** Actions that were asked for and are not answered yet. Each is asked until it is answered, and acts once. */

import type { Cancel, Clock } from "./clock";
import type { Action, ControlRequest, EventMessage, Outcome } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";

export interface ControlOrder {
  workflowId: string;
  action: Action;
  /** For pause: let what is in flight end (drain, the default), or stop it at once. */
  mode?: "drain" | "now";
  /** For retry: the task's key; none: all failed ones. */
  task?: string;
}

export interface ControlAck {
  status: "accepted" | "rejected";
  reason: string;
  /** Over HTTP: what came of it, when that is known already; "" while it is under way. */
  outcome?: Outcome | "";
}

export interface ControlResult {
  /** `rejected`: it was never accepted. `abandoned`: we stopped asking (signed out). */
  outcome: Outcome | "rejected" | "abandoned";
  reason: string;
}

/** Both promises are always kept; neither rejects. */
export interface ControlCall {
  requestId: string;
  ack: Promise<ControlAck>;
  result: Promise<ControlResult>;
}

interface Pending {
  readonly order: ControlOrder;
  readonly requestId: string;
  readonly resolveAck: (ack: ControlAck) => void;
  readonly resolveResult: (result: ControlResult) => void;
  isAcknowledged: boolean;
  cancelRepeat: Cancel;
}

export interface ControlRoutes {
  /** Sends it over the socket; the answers come as messages. Returns false when there is no socket. */
  bySocket: (request: ControlRequest) => boolean;
  /** Sends it over HTTP. Rejects when that did not get through; a refusal is an answer. */
  byHttp: (order: ControlOrder, requestId: string) => Promise<ControlAck>;
}

/** An ack comes at once; one that does not was lost, or the request was. */
const ACK_SECONDS = 10;

export class Controls {
  private readonly pending = new Map<string, Pending>();
  private readonly clock: Clock;
  private readonly routes: ControlRoutes;

  constructor(clock: Clock, routes: ControlRoutes) {
    this.clock = clock;
    this.routes = routes;
  }

  ask(order: ControlOrder): ControlCall {
    const requestId = newRequestId();
    const ack = withResolvers<ControlAck>();
    const result = withResolvers<ControlResult>();
    const pending: Pending = {
      order,
      requestId,
      resolveAck: ack.resolve,
      resolveResult: result.resolve,
      isAcknowledged: false,
      cancelRepeat: () => undefined,
    };
    this.pending.set(requestId, pending);
    this.send(pending);
    return { requestId, ack: ack.promise, result: result.promise };
  }

  /** After a reconnect: the answers may have been lost with the connection, and the same request acts once. */
  repeat(): void {
    this.pending.forEach((pending) => this.send(pending));
  }

  receive(message: SingleMessage): void {
    if (message.type === "control_ack") this.acknowledge(message.request_id, message);
    if (message.type === "control_result") this.resolve(message.request_id, message);
    if (message.type === "event") this.acceptEvent(message);
    if (message.type === "error" && message.ref !== null) this.refuse(message);
  }

  /** Nobody will answer any more. */
  abandon(): void {
    for (const { requestId } of this.pending.values()) {
      this.resolve(requestId, { outcome: "abandoned", reason: "You signed out before it was answered." });
    }
  }

  private send(pending: Pending): void {
    this.sendAgain(pending, ACK_SECONDS);
    if (!this.routes.bySocket(requestOf(pending))) void this.sendByHttp(pending);
  }

  private sendAgain(pending: Pending, seconds: number): void {
    pending.cancelRepeat();
    if (!pending.isAcknowledged) pending.cancelRepeat = this.clock.after(seconds, () => this.send(pending));
  }

  private async sendByHttp(pending: Pending): Promise<void> {
    try {
      this.acknowledge(pending.requestId, await this.routes.byHttp(pending.order, pending.requestId));
    } catch {
      // It did not get through; it is asked again in a while, or when the socket is back.
    }
  }

  private acknowledge(requestId: string, ack: ControlAck): void {
    const pending = this.pending.get(requestId);
    if (!pending) return;
    pending.cancelRepeat();
    pending.isAcknowledged = true;
    pending.resolveAck({ status: ack.status, reason: ack.reason });
    const outcome = ack.status === "rejected" ? ack.status : ack.outcome;
    if (outcome) this.resolve(requestId, { outcome, reason: ack.reason });
  }

  private resolve(requestId: string, result: ControlResult): void {
    const pending = this.pending.get(requestId);
    if (!pending) return;
    this.pending.delete(requestId);
    pending.cancelRepeat();
    pending.resolveAck({ status: "accepted", reason: "" }); // if the ack was lost: a result implies it
    pending.resolveResult({ outcome: result.outcome, reason: result.reason });
  }

  /** The result is an event too, so that it is learnt after a reconnect and by polling. */
  private acceptEvent(event: EventMessage): void {
    if (event.kind !== "control_resolved") return;
    const { request_id: requestId, outcome, reason } = event.data;
    this.resolve(requestId, { outcome: outcome as Outcome, reason });
  }

  private refuse(message: Extract<SingleMessage, { type: "error" }>): void {
    const pending = this.pending.get(message.ref ?? "");
    if (!pending) return;
    pending.cancelRepeat();
    if (message.retryable) this.sendAgain(pending, message.retry_after ?? ACK_SECONDS);
    else this.acknowledge(pending.requestId, { status: "rejected", reason: message.message });
  }
}

function requestOf({ order, requestId }: Pending): ControlRequest {
  const { workflowId, ...rest } = order;
  return { type: "control", ...rest, workflow_id: workflowId, request_id: requestId, ref: requestId };
}

/** Unique enough for one person's requests; `crypto.randomUUID` exists only where the page came over TLS. */
function newRequestId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((keep) => (resolve = keep));
  return { promise, resolve };
}
