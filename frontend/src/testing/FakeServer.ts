/**
 * A server of our protocol inside a test: rooms, events with seq, replay, controls, over sockets and HTTP alike.
 *
 * It can be unreachable, close with any code, and lose messages; it records what it received.
 */

import {
  ApiError,
  applyMessage,
  type AgentStatusBody,
  type ClientMessage,
  type ControlRequest,
  type CoordinatorMetricsBody,
  type ErrorType,
  type EventKind,
  type EventMessage,
  type EventPayloads,
  type HttpApi,
  type Outcome,
  type ProgressMessage,
  type ServerMessage,
  type Subscribe,
  type Unsubscribe,
  type WatchersMessage,
  type WorkflowPage,
  type WorkflowRow,
  type WorkflowSnapshot,
} from "@callboard/client";
import { FakeSocket } from "./FakeSocket";

interface FakeWorkflow {
  start: WorkflowSnapshot;
  events: EventMessage[];
  progress: ProgressMessage;
  /** Watchers beside those of this server's sockets. */
  others: number;
  /** The count in the last `watchers` message. */
  lastSentWatchers: number;
}

export const TIMESTAMP = "2026-01-01T00:00:00.000Z";
const REPLAYED_AT_MOST = 1000;

const BUSY = { type: "RateLimitExceeded", message: "Too many messages.", retryable: true };

export class FakeServer {
  isSocketReachable = true;
  isHttpReachable = true;
  /** False: it accepts the socket and never sends `welcome`. */
  sendsWelcome = true;
  /** False: it answers neither pings nor subscriptions, as on a dead connection. */
  isAnswering = true;
  /** Over HTTP: answers everything with 429 and this Retry-After. */
  busySeconds: number | null = null;
  /** Close codes for the next connections, sent right after they open. */
  readonly rejections: number[] = [];
  /** A message that it sends before such a close. */
  errorBeforeClose: ServerMessage | null = null;
  /** Messages for which this returns true are lost on their way to the client. */
  loses: (message: ServerMessage) => boolean = () => false;
  /** The tokens that sockets sent, in order. */
  readonly tokens: string[] = [];
  readonly received: ClientMessage[] = [];
  readonly httpRequests: string[] = [];
  readonly agents: AgentStatusBody[] = [];
  /** The first page of the list of workflows, whichever workflows there are. */
  readonly listed: WorkflowRow[] = [];
  subscriptionLimit = 10;
  /** The outcome in its HTTP answers to controls. */
  httpOutcome: Outcome | "" = "";
  /** Events with a lower seq are missing from its HTTP answers, as if there were too many. */
  firstEventInPages = 0;

  private readonly sockets = new Set<FakeSocket>();
  private readonly rooms = new Map<FakeSocket, Set<string>>();
  private readonly workflows = new Map<string, FakeWorkflow>();
  private waiters: (() => void)[] = [];

  readonly open = (_url: string, protocols: string[]): WebSocket => {
    this.tokens.push(protocols[1]?.replace("bearer.", "") ?? "");
    const socket = new FakeSocket((text) => this.receive(socket, JSON.parse(text) as ClientMessage));
    socket.onClientClose = () => this.leave(socket);
    setTimeout(() => this.admit(socket));
    return socket as unknown as WebSocket;
  };

  get connectionCount(): number {
    return this.sockets.size;
  }

  /** The types of what clients sent, with the ids of rooms: "subscribe workflow:w1". Their pings are left out. */
  get conversation(): string[] {
    return this.received
      .filter(({ type }) => type !== "ping")
      .map((message) => ("id" in message ? `${message.type} ${roomOf(message)}` : message.type));
  }

  receivedOf<Type extends ClientMessage["type"]>(type: Type): Extract<ClientMessage, { type: Type }>[] {
    return this.received.filter((message) => message.type === type) as Extract<
      ClientMessage,
      { type: Type }
    >[];
  }

  addWorkflow(start: WorkflowSnapshot): void {
    this.workflows.set(start.id, {
      start,
      events: [],
      progress: progressOf(start),
      others: 0,
      lastSentWatchers: 0,
    });
  }

  snapshot(id: string): WorkflowSnapshot {
    const { start, events, progress } = this.find(id);
    return [...events, progress].reduce(applyMessage, { ...start, watchers: this.watchers(id) });
  }

  /** Records an event of the workflow with the next seq, and sends it to the watchers. */
  record<Kind extends EventKind>(id: string, kind: Kind, data: EventPayloads[Kind]): EventMessage {
    const workflow = this.find(id);
    const seq = workflow.start.seq + workflow.events.length + 1;
    const event = { type: "event", workflow_id: id, seq, kind, data, timestamp: TIMESTAMP } as EventMessage;
    workflow.events.push(event);
    workflow.progress = { ...workflow.progress, ...pick(this.snapshot(id)), seq };
    this.publish(`workflow:${id}`, event);
    return event;
  }

  report(id: string, change: Partial<ProgressMessage>): void {
    const workflow = this.find(id);
    workflow.progress = { ...workflow.progress, ...change };
    this.publish(`workflow:${id}`, workflow.progress);
  }

  /** Sets the number of watchers beside those of this server's sockets, and sends the new count. */
  setOtherWatchers(id: string, others: number): void {
    this.find(id).others = others;
    this.publishWatchers();
  }

  /** Sends to every socket in the room, and ends the long polls. */
  publish(room: string, ...messages: ServerMessage[]): void {
    this.socketsIn(room).forEach((socket) => this.send(socket, ...messages));
    this.waiters.forEach((wake) => wake());
    this.waiters = [];
  }

  /** Sends to every client; several messages as one batch. */
  sendAll(...messages: ServerMessage[]): void {
    for (const socket of this.sockets) this.send(socket, ...messages);
  }

  sendText(text: string): void {
    for (const socket of this.sockets) socket.deliver(text);
  }

  ping(): void {
    const tops = Object.fromEntries(
      [...this.workflows.keys()].map((id) => [`workflow:${id}`, this.snapshot(id).seq]),
    );
    this.sendAll({ type: "ping", tops, timestamp: TIMESTAMP });
  }

  close(code: number): void {
    for (const socket of this.sockets) {
      this.leave(socket);
      socket.end(code);
    }
  }

  readonly api: HttpApi = {
    me: () => this.answer(() => ({ username: "alice" })),
    workflow: (id) => this.http(`workflow ${id}`, () => this.snapshot(id)),
    events: async (id, after, waitSeconds, signal) => {
      const hasNews = () => this.find(id).events.some((event) => event.seq > after);
      const page = () => this.page(id, after);
      const answer = await this.http(`events ${id} after ${after} wait ${waitSeconds}`, page);
      if (hasNews() || waitSeconds === 0) return answer;
      await this.news(waitSeconds, signal);
      return page();
    },
    agents: () => this.http("agents", () => this.agents),
    workflows: () => this.http("workflows", () => this.firstPage()),
    coordinatorMetrics: () => this.http("coordinator", () => METRICS),
    control: (id, { request_id, action }) =>
      this.http(`control ${id} ${action} ${request_id}`, () => {
        this.find(id);
        return { status: "accepted", reason: "", outcome: this.httpOutcome };
      }),
  };

  private firstPage(): WorkflowPage {
    return { count: this.listed.length, next: null, previous: null, results: this.listed };
  }

  private page(id: string, after: number) {
    const { events, progress } = this.find(id);
    const first = Math.max(after + 1, this.firstEventInPages);
    return { events: events.filter((event) => event.seq >= first), progress, seq: this.snapshot(id).seq };
  }

  private http<Answer>(request: string, answer: () => Answer): Promise<Answer> {
    this.httpRequests.push(request);
    return this.answer(answer);
  }

  private async answer<Answer>(answer: () => Answer): Promise<Answer> {
    await Promise.resolve();
    if (!this.isHttpReachable) throw ApiError.unreachable();
    if (this.busySeconds !== null) throw new ApiError(429, BUSY, this.busySeconds);
    return answer();
  }

  private news(seconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiters.push(resolve);
      setTimeout(resolve, seconds * 1000);
      signal.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")));
    });
  }

  private admit(socket: FakeSocket): void {
    if (!this.isSocketReachable) return socket.end(1006);
    socket.open();
    const rejection = this.rejections.shift();
    if (rejection !== undefined) return this.reject(socket, rejection);
    this.sockets.add(socket);
    this.rooms.set(socket, new Set());
    if (this.sendsWelcome)
      this.send(socket, { ...WELCOME, limits: { ...WELCOME.limits, subscriptions: this.subscriptionLimit } });
  }

  private reject(socket: FakeSocket, code: number): void {
    if (this.errorBeforeClose) this.send(socket, this.errorBeforeClose);
    socket.end(code);
  }

  private leave(socket: FakeSocket): void {
    this.sockets.delete(socket);
    this.rooms.delete(socket);
    this.publishWatchers();
  }

  private socketsIn(room: string): FakeSocket[] {
    return [...this.sockets].filter((socket) => this.rooms.get(socket)?.has(room));
  }

  private watchers(id: string): number {
    return this.find(id).others + this.socketsIn(`workflow:${id}`).length;
  }

  /** Sends the count of watchers where it changed. Does not end long polls. */
  private publishWatchers(): void {
    for (const [id, workflow] of this.workflows) {
      const message = this.watchersMessage(id);
      if (message.watchers === workflow.lastSentWatchers) continue;
      workflow.lastSentWatchers = message.watchers;
      this.socketsIn(`workflow:${id}`).forEach((socket) => this.send(socket, message));
    }
  }

  private watchersMessage(id: string): WatchersMessage {
    return {
      type: "watchers",
      workflow_id: id,
      watchers: this.watchers(id),
      merged: 0,
      timestamp: TIMESTAMP,
    };
  }

  private send(socket: FakeSocket, ...messages: ServerMessage[]): void {
    const kept = messages.filter((message) => !this.loses(message));
    if (kept.length === 0) return;
    socket.deliver(JSON.stringify(kept.length === 1 ? kept[0] : { type: "batch", messages: kept }));
  }

  private receive(socket: FakeSocket, message: ClientMessage): void {
    this.received.push(message);
    if (!this.isAnswering) return;
    if (message.type === "ping") this.send(socket, { type: "pong", timestamp: TIMESTAMP });
    if (message.type === "subscribe") this.subscribe(socket, message);
    if (message.type === "unsubscribe") this.unsubscribe(socket, message);
    if (message.type === "control") this.acknowledge(socket, message);
  }

  private subscribe(socket: FakeSocket, message: Subscribe): void {
    const rooms = this.rooms.get(socket) ?? new Set();
    const { target, id = "", ref = null, since = null } = message;
    const answer = { type: "subscribed", seq: 0, recovered: false, ref, timestamp: TIMESTAMP } as const;
    if (rooms.size >= this.subscriptionLimit) return this.refuse(socket, "SubscriptionLimitExceeded", ref);
    if (target === "workflow" && !this.workflows.has(id)) return this.refuse(socket, "TargetNotFound", ref);
    rooms.add(roomOf(message));
    switch (target) {
      case "agent":
        return this.send(socket, { ...answer, target, id, snapshot: this.agents });
      case "coordinator":
        return this.send(socket, { ...answer, target, id: "", snapshot: METRICS });
      case "workflows":
        return this.send(socket, { ...answer, target, id: "", snapshot: this.firstPage() });
      case "workflow":
        return this.replay(socket, id, since, ref);
    }
  }

  private unsubscribe(socket: FakeSocket, message: Unsubscribe): void {
    this.rooms.get(socket)?.delete(roomOf(message));
    this.publishWatchers();
  }

  private replay(socket: FakeSocket, id: string, since: number | null, ref: string | null): void {
    const snapshot = this.snapshot(id);
    const { events, progress } = this.find(id);
    const missed = events.filter((event) => since !== null && event.seq > since);
    const recovered = since !== null && missed.length <= REPLAYED_AT_MOST;
    const answer = { type: "subscribed", target: "workflow", id, ref, timestamp: TIMESTAMP } as const;
    this.send(socket, { ...answer, seq: snapshot.seq, recovered, snapshot: recovered ? null : snapshot });
    if (recovered) this.send(socket, ...missed, progress, this.watchersMessage(id));
    this.publishWatchers();
  }

  private refuse(socket: FakeSocket, errorType: ErrorType, ref: string | null): void {
    this.send(socket, errorMessage(errorType, { ref }));
  }

  private acknowledge(socket: FakeSocket, { request_id = "", workflow_id, action }: ControlRequest): void {
    const body = { request_id, workflow_id, action, ref: request_id, timestamp: TIMESTAMP };
    this.send(socket, { type: "control_ack", ...body, status: "accepted", reason: "" });
  }

  private find(id: string): FakeWorkflow {
    const workflow = this.workflows.get(id);
    if (!workflow) throw new ApiError(404, { type: "NotFound", message: "There is no such workflow." });
    return workflow;
  }
}

const WELCOME = {
  type: "welcome",
  client_id: "c1",
  heartbeat_seconds: 30,
  limits: { subscriptions: 10, messages_per_minute: 100 },
  token_expires_at: TIMESTAMP,
  protocol: "callboard.v1",
  timestamp: TIMESTAMP,
} as const;

export const METRICS: CoordinatorMetricsBody = {
  total_messages: 1000,
  total_workflows: 50,
  registered_agents: 13,
  healthy_agents: 12,
  active_workflows: 3,
  runners: 1,
  unserved_skills: [],
  disabled_agents: 0,
};

export function errorMessage(
  errorType: ErrorType,
  { ref = null, ...rest }: Partial<Extract<ServerMessage, { type: "error" }>> = {},
): ServerMessage {
  const message = `It is ${errorType}.`;
  const base = {
    type: "error",
    message,
    error_type: errorType,
    retryable: false,
    retry_after: null,
  } as const;
  return { ...base, ref, timestamp: TIMESTAMP, ...rest };
}

function roomOf({ target, id }: { target?: string; id?: string }): string {
  return target === "coordinator" || target === "workflows" ? target : `${target}:${id}`;
}

function pick({ state, progress, stage, message, eta, elapsed, queue, waiting_for }: WorkflowSnapshot) {
  return { state, progress, stage, message, eta, elapsed, queue, waiting_for };
}

function progressOf(snapshot: WorkflowSnapshot): ProgressMessage {
  const { id, seq } = snapshot;
  const base = {
    type: "progress",
    workflow_id: id,
    seq,
    tasks: {},
    merged: 0,
    timestamp: TIMESTAMP,
  } as const;
  return { ...base, ...pick(snapshot) };
}
