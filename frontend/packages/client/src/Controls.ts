/**
 * Requested actions that have no result yet. Each is sent until it is acknowledged; its request_id makes the server act once.
 *
 * What a person asked for while the line was down is not carried out much later, when they have forgotten it: after 30 s
 * without an acknowledgement the request is given up, and says so.
 */

import type { Cancel, Clock } from "./clock";
import type { Action, ControlRequest, EventMessage, Outcome } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { randomId } from "./randomId";

export interface ControlCommand {
  workflowId: string;
  action: Action;
  /** For pause: finish the running tasks (drain, the default), or stop them at once (now). */
  mode?: "drain" | "now";
  /** For retry: the key of the task; without it, all failed tasks. For answer: that of the task with the question. */
  task?: string;
  /** For answer: what the person says. */
  answer?: string;
  /** The reason, for everyone who watches; at most 500 characters. */
  why?: string;
  /** Of an earlier call, to try the same again: if that one arrived after all, the server does not act twice. */
  requestId?: string;
}

export interface ControlAck {
  status: "accepted" | "rejected";
  reason: string;
  /** Over HTTP only: the outcome if it is known already, else "". */
  outcome?: Outcome | "";
}

export interface ControlResult {
  /**
   * `rejected`: never accepted. `abandoned`: signed out before there was an outcome. `not_sent`: there was no connection, and
   * the server knows nothing of it. `unanswered`: sent, but whether it arrived is not known.
   */
  outcome: Outcome | "rejected" | "abandoned" | "not_sent" | "unanswered";
  reason: string;
}

/** Both promises resolve in the end; neither rejects. */
export interface ControlCall {
  requestId: string;
  ack: Promise<ControlAck>;
  result: Promise<ControlResult>;
}

interface Pending {
  readonly command: ControlCommand;
  readonly requestId: string;
  readonly resolveAck: (ack: ControlAck) => void;
  readonly resolveResult: (result: ControlResult) => void;
  /** It was given to a connection that works. */
  isSent: boolean;
  isAcknowledged: boolean;
  cancelResend: Cancel;
  cancelExpiry: Cancel;
}

export interface ControlRoutes {
  /** Calls `run` once the server is known to be reachable, which may be now; never, if that does not become known. */
  whenReachable: (run: () => void) => void;
  /** Sends the request over the socket; the answers come as messages. Returns false when it is not connected. */
  bySocket: (request: ControlRequest) => boolean;
  /** Sends the command over HTTP. Resolves with a refusal, too; rejects when there was no answer. */
  byHttp: (command: ControlCommand, requestId: string) => Promise<ControlAck>;
}

/** Without an ack for this long, the request or its ack was lost. */
const ACK_SECONDS = 10;
/** A request without an ack is given up after this time. */
const EXPIRY_SECONDS = 30;
/** How many requests may wait to be sent. */
const MAX_UNSENT = 10;

export class Controls {
  private readonly pending = new Map<string, Pending>();
  private readonly clock: Clock;
  private readonly routes: ControlRoutes;

  constructor(clock: Clock, routes: ControlRoutes) {
    this.clock = clock;
    this.routes = routes;
  }

  request({ requestId = randomId(), ...command }: ControlCommand): ControlCall {
    const ack = withResolvers<ControlAck>();
    const result = withResolvers<ControlResult>();
    const pending: Pending = {
      command,
      requestId,
      resolveAck: ack.resolve,
      resolveResult: result.resolve,
      isSent: false,
      isAcknowledged: false,
      cancelResend: () => undefined,
      cancelExpiry: this.clock.after(EXPIRY_SECONDS, () => this.giveUp(pending)),
    };
    const isFull = this.unsentCount >= MAX_UNSENT;
    this.pending.set(requestId, pending);
    if (isFull) this.giveUp(pending);
    else this.send(pending);
    return { requestId, ack: ack.promise, result: result.promise };
  }

  /** After a reconnect, when answers may have been lost. Safe, because the server acts once for a request_id. */
  resendAll(): void {
    this.pending.forEach((pending) => this.send(pending));
  }

  receive(message: SingleMessage): void {
    if (message.type === "control_ack") this.acknowledge(message.request_id, message);
    if (message.type === "control_result") this.resolve(message.request_id, message);
    if (message.type === "event") this.receiveEvent(message);
    if (message.type === "error" && message.ref !== null) this.receiveError(message);
  }

  /** After a sign-out: resolves every call as abandoned. */
  abandon(): void {
    for (const { requestId } of this.pending.values()) {
      this.resolve(requestId, { outcome: "abandoned", reason: "You signed out before it was answered." });
    }
  }

  private get unsentCount(): number {
    return [...this.pending.values()].filter(({ isSent }) => !isSent).length;
  }

  /** Only into a line that is known to work: the buffer of a dead one may be delivered long after we have given up. */
  private send(pending: Pending): void {
    this.resendLater(pending, ACK_SECONDS);
    this.routes.whenReachable(() => {
      if (this.pending.get(pending.requestId) !== pending) return;
      pending.isSent = true;
      if (!this.routes.bySocket(requestOf(pending))) void this.sendByHttp(pending);
    });
  }

  private giveUp(pending: Pending): void {
    if (pending.isAcknowledged) return;
    pending.resolveAck({ status: "rejected", reason: "" });
    this.resolve(pending.requestId, { outcome: pending.isSent ? "unanswered" : "not_sent", reason: "" });
  }

  private resendLater(pending: Pending, seconds: number): void {
    pending.cancelResend();
    if (!pending.isAcknowledged) pending.cancelResend = this.clock.after(seconds, () => this.send(pending));
  }

  private async sendByHttp(pending: Pending): Promise<void> {
    try {
      this.acknowledge(pending.requestId, await this.routes.byHttp(pending.command, pending.requestId));
    } catch {
      // No answer: it is sent again later, or when the socket is back.
    }
  }

  private acknowledge(requestId: string, ack: ControlAck): void {
    const pending = this.pending.get(requestId);
    if (!pending) return;
    pending.cancelResend();
    pending.isAcknowledged = true;
    pending.resolveAck({ status: ack.status, reason: ack.reason });
    const outcome = ack.status === "rejected" ? ack.status : ack.outcome;
    if (outcome) this.resolve(requestId, { outcome, reason: ack.reason });
  }

  private resolve(requestId: string, result: ControlResult): void {
    const pending = this.pending.get(requestId);
    if (!pending) return;
    this.pending.delete(requestId);
    pending.cancelResend();
    pending.cancelExpiry();
    pending.resolveAck({ status: "accepted", reason: "" }); // a result implies an ack that was lost
    pending.resolveResult({ outcome: result.outcome, reason: result.reason });
  }

  /** The result is also an event, which is replayed after a reconnect and comes by polling. */
  private receiveEvent(event: EventMessage): void {
    if (event.kind !== "control_resolved") return;
    const { request_id: requestId, outcome, reason } = event.data;
    this.resolve(requestId, { outcome, reason });
  }

  private receiveError(message: Extract<SingleMessage, { type: "error" }>): void {
    const pending = this.pending.get(message.ref ?? "");
    if (!pending) return;
    pending.cancelResend();
    if (message.retryable) this.resendLater(pending, message.retry_after ?? ACK_SECONDS);
    else this.acknowledge(pending.requestId, { status: "rejected", reason: message.message });
  }
}

function requestOf({ command, requestId }: Pending): ControlRequest {
  const { workflowId, ...rest } = command;
  return { type: "control", ...rest, workflow_id: workflowId, request_id: requestId, ref: requestId };
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((keep) => (resolve = keep));
  return { promise, resolve };
}
