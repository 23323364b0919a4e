/**
 * The app's one connection: subscriptions and controls over a WebSocket, or over HTTP while WebSockets are blocked.
 *
 * Works without React (`shared/hooks` connects the two). Tokens, HTTP, time, randomness, sockets and the browser are
 * given to it.
 */

import type { Cancel, Clock } from "./clock";
import { wallClock } from "./clock";
import { Controls, type ControlAck, type ControlCall, type ControlOrder } from "./Controls";
import {
  ReconnectingSocket,
  type ReconnectingSocketOptions,
  type ConnectionStatus,
} from "./ReconnectingSocket";
import type { Target } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { Polling, type PollingApi } from "./Polling";
import type { Problem, RoomView } from "./Room";
import { Subscriptions, type RoomValues } from "./Subscriptions";
import { browserEnvironment, type BrowserEnvironment } from "./browserEnvironment";
import type { TokenSource } from "./TokenSource";
import type { EventLog } from "./WorkflowRoom";

export interface HttpApi extends PollingApi {
  control(
    id: string,
    body: { action: ControlOrder["action"]; request_id: string; mode?: "drain" | "now"; task?: string },
  ): Promise<ControlAck>;
}

export interface ConnectionOptions extends Partial<Omit<ReconnectingSocketOptions, "tokens">> {
  tokens: TokenSource;
  api: HttpApi;
  /** A failed request's refusal; null when it just did not get through. */
  refusalOf: (error: unknown) => Problem | null;
  /** For how many seconds the server asks us to wait; null when it does not. */
  retryAfterOf: (error: unknown) => number | null;
}

export class Connection {
  private readonly tokens: TokenSource;
  private readonly environment: BrowserEnvironment;
  private readonly clock: Clock;
  private readonly socket: ReconnectingSocket;
  private readonly subscriptions: Subscriptions;
  private readonly controls: Controls;
  private readonly polling: Polling;
  private readonly listeners = new Set<() => void>();
  private wasLive = false;
  private stops: Cancel[] = [];
  private lastMessageTime: number | null = null;

  constructor({ tokens, api, refusalOf, retryAfterOf, ...given }: ConnectionOptions) {
    const options = { ...inTheBrowser(), ...given };
    const { clock } = options;
    this.tokens = tokens;
    this.clock = clock;
    this.environment = options.environment;
    this.socket = new ReconnectingSocket(
      { ...options, tokens },
      { onMessage: this.onMessage, onStatus: this.onStatus },
    );
    this.polling = new Polling(api, clock, {
      onMessage: this.onPolled,
      onOutcome: (isWorking) => this.socket.notePolling(isWorking),
      refusalOf,
      retryAfterOf,
    });
    this.subscriptions = new Subscriptions(clock, {
      send: (message) => this.socket.send(message),
      onOpen: (room, id) => this.socket.needsPolling && this.polling.follow(room, id),
      onClose: (room) => this.polling.leave(room),
    });
    this.controls = new Controls(clock, {
      bySocket: (request) => this.socket.isLive && (this.socket.send(request), true),
      byHttp: ({ workflowId, ...order }, requestId) =>
        api.control(workflowId, { ...order, request_id: requestId }).catch((error: unknown) => {
          const problem = refusalOf(error);
          if (problem === null) throw error;
          return { status: "rejected", reason: problem.message };
        }),
    });
  }

  /** The state of the connection; a new object at each change. */
  readonly status = (): ConnectionStatus => this.socket.status;

  /** When the server last sent anything, in ms since 1970, on the socket or over HTTP. Tells a dead connection from a silent worker. */
  get lastMessageAt(): number | null {
    return this.lastMessageTime;
  }

  /** Calls `listener` at each change of `status()`. Returns how to stop. */
  readonly onStatusChange = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Connects as soon as somebody is signed in, and stays so. Returns how to stop. */
  start(): () => void {
    this.stops = [
      this.tokens.subscribe(this.onSubjectChange),
      this.environment.whenVisible(() => this.socket.wake()),
      this.environment.whenNetworkChanges(this.onNetworkChange),
    ];
    this.socket.start();
    return () => this.stop();
  }

  /** Tries now instead of at `status().retryAt`. */
  readonly retryNow = (): void => this.socket.wake();

  /** What is known of a room; nothing until somebody watches it. The coordinator's id is "". */
  view<T extends Target>(target: T, id: string): RoomView<RoomValues[T]> {
    return this.subscriptions.view(target, id);
  }

  /** The events of a watched workflow since its snapshot, in their order; earlier ones are for HTTP to tell. */
  log(workflowId: string): EventLog | null {
    return this.subscriptions.log(workflowId);
  }

  /** Follows a room and calls `listener` at each change of its view. Returns how to stop. */
  watch(target: Target, id: string, listener: () => void): () => void {
    return this.subscriptions.watch({ target, id }, listener);
  }

  /** Asks for an action. The room is watched until the outcome is known, for that is where it is told. */
  control(order: ControlOrder): ControlCall {
    const release = this.watch("workflow", order.workflowId, () => undefined);
    const call = this.controls.ask(order);
    void call.result.then(release);
    return call;
  }

  private stop(): void {
    this.stops.forEach((stop) => stop());
    this.socket.stop();
    this.becomeDead();
  }

  private readonly onSubjectChange = (): void => {
    this.controls.abandon();
    this.becomeDead();
    this.subscriptions.clear();
    this.socket.start();
  };

  private readonly onNetworkChange = (): void => {
    this.socket.refresh();
    // Gone: an open socket is probably dead, which its check finds out. Back: connect at once.
    if (this.socket.isLive || this.environment.isOnline()) this.socket.wake();
  };

  private readonly onMessage = (message: SingleMessage): void => {
    this.lastMessageTime = this.clock.now();
    if (message.type === "welcome") this.becomeLive(message.limits.subscriptions);
    this.subscriptions.receive(message);
    this.controls.receive(message);
  };

  private readonly onPolled = (message: SingleMessage): void => {
    this.lastMessageTime = this.clock.now();
    this.controls.receive(message);
  };

  private readonly onStatus = (status: ConnectionStatus): void => {
    if (this.wasLive && status.state !== "live") this.becomeDead();
    if (this.socket.needsPolling) this.startPolling();
    else this.polling.stop();
    this.listeners.forEach((listener) => listener());
  };

  private becomeLive(limit: number): void {
    this.wasLive = true;
    this.polling.stop();
    this.subscriptions.subscribeAll(limit);
    this.controls.repeat();
  }

  private becomeDead(): void {
    this.wasLive = false;
    this.polling.stop();
    this.subscriptions.suspend();
  }

  private startPolling(): void {
    this.polling.start();
    this.subscriptions.forEach((room, id) => this.polling.follow(room, id));
  }
}

function inTheBrowser(): Omit<ReconnectingSocketOptions, "tokens"> {
  return {
    url: () => `${location.origin.replace(/^http/, "ws")}/ws/`,
    open: (url, protocols) => new WebSocket(url, protocols),
    clock: wallClock,
    random: Math.random,
    environment: browserEnvironment,
  };
}
