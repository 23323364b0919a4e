/**
 * The app's one connection: subscriptions and controls over a WebSocket, or over HTTP while WebSockets are blocked.
 *
 * Works without React (`shared/hooks` connects the two). Tokens, HTTP, time, randomness, sockets and the browser are
 * given to it.
 */

import type { Cancel, Clock } from "./clock";
import { wallClock } from "./clock";
import { Controls, type ControlAck, type ControlCall, type ControlCommand } from "./Controls";
import {
  ReconnectingSocket,
  type ReconnectingSocketOptions,
  type ConnectionStatus,
} from "./ReconnectingSocket";
import type { ArtifactBody, ArtifactPage, Target, TaskPage } from "./messages.gen";
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
    body: {
      action: ControlCommand["action"];
      request_id: string;
      mode?: "drain" | "now";
      task?: string;
      why?: string;
    },
  ): Promise<ControlAck>;
}

export interface ConnectionOptions extends Partial<Omit<ReconnectingSocketOptions, "tokens">> {
  tokens: TokenSource;
  api: HttpApi;
  /** The server's refusal in a failed request; null for a failure that may pass. */
  refusalOf: (error: unknown) => Problem | null;
  /** For how many seconds the server asks us to wait; null when it does not. */
  retryAfterOf: (error: unknown) => number | null;
}

/** Messages are given as they come, some of them twice; `view` and `log` hold what they amount to. */
export type MessageListener = (message: SingleMessage) => void;

export class Connection {
  private readonly tokens: TokenSource;
  private readonly address: () => string;
  private readonly environment: BrowserEnvironment;
  private readonly clock: Clock;
  private readonly socket: ReconnectingSocket;
  private readonly subscriptions: Subscriptions;
  private readonly controls: Controls;
  private readonly polling: Polling;
  private readonly listeners = new Set<() => void>();
  private readonly messageListeners = new Set<MessageListener>();
  private wasLive = false;
  private stops: Cancel[] = [];
  private lastMessageTime: number | null = null;

  constructor({ tokens, api, refusalOf, retryAfterOf, ...given }: ConnectionOptions) {
    const options = { ...browserDefaults(), ...given };
    const { clock } = options;
    this.address = options.url;
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
      whenReachable: (run) => {
        if (this.socket.isLive) this.socket.whenProven(run);
        else void api.me(new AbortController().signal).then(run, () => undefined);
      },
      bySocket: (request) => this.socket.isLive && (this.socket.send(request), true),
      byHttp: ({ workflowId, ...body }, requestId) =>
        api.control(workflowId, { ...body, request_id: requestId }).catch((error: unknown) => {
          const problem = refusalOf(error);
          if (problem === null) throw error;
          return { status: "rejected", reason: problem.message };
        }),
    });
  }

  /** The address of the socket. */
  get url(): string {
    return this.address();
  }

  /** The address of an artifact for `<img>`, `<video>` and links: on the server, and good without a token. */
  readonly urlOf = ({ url }: Pick<ArtifactBody, "url">): string =>
    new URL(url, this.url.replace(/^ws/, "http")).href;

  /** The state of the connection; a new object at each change. */
  readonly status = (): ConnectionStatus => this.socket.status;

  /** When the server last sent anything, in ms since 1970, on the socket or over HTTP. Tells a dead connection from a silent worker. */
  get lastMessageAt(): number | null {
    return this.lastMessageTime;
  }

  /** Calls `listener` at each change of `status()`. Returns a function that stops it. */
  readonly onStatusChange = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Calls `listener` with every message for this page, over the socket or from polling. Returns a function that stops it. */
  readonly onEachMessage = (listener: MessageListener): (() => void) => {
    // A new function for each call: one component may listen twice.
    const own = (message: SingleMessage) => listener(message);
    this.messageListeners.add(own);
    return () => this.messageListeners.delete(own);
  };

  /** Connects while somebody is signed in. Returns a function that disconnects. */
  start(): () => void {
    this.stops = [
      this.tokens.subscribe(this.onSubjectChange),
      this.environment.whenVisible(() => this.socket.wake()),
      this.environment.whenNetworkChanges(this.onNetworkChange),
    ];
    this.socket.start();
    return () => this.stop();
  }

  /** Reconnects now instead of at `status().retryAt`. */
  readonly retryNow = (): void => this.socket.wake();

  /** The state of a room; empty unless it is watched. `id` is a workflow's id, an agent's name or "*", "" for the coordinator. */
  view<T extends Target>(target: T, id: string): RoomView<RoomValues[T]> {
    return this.subscriptions.view(target, id);
  }

  /** The events of a watched workflow since its snapshot, in order; earlier ones must be fetched over HTTP. */
  log(workflowId: string): EventLog | null {
    return this.subscriptions.log(workflowId);
  }

  /** Adds a page of tasks, fetched over HTTP, to a watched workflow whose snapshot leaves some out. */
  addTasks(workflowId: string, page: TaskPage): void {
    this.subscriptions.addTasks(workflowId, page);
  }

  /** The same with a page of artifacts. */
  addArtifacts(workflowId: string, page: ArtifactPage): void {
    this.subscriptions.addArtifacts(workflowId, page);
  }

  /** Follows a room and calls `listener` at each change of its view. Returns a function that stops it. */
  watch(target: Target, id: string, listener: () => void): () => void {
    return this.subscriptions.watch({ target, id }, listener);
  }

  /** Requests an action. Watches the room until the outcome is known, because it arrives there. */
  control(command: ControlCommand): ControlCall {
    const release = this.watch("workflow", command.workflowId, () => undefined);
    const call = this.controls.request(command);
    void call.result.then(release);
    return call;
  }

  private stop(): void {
    this.stops.forEach((stop) => stop());
    this.socket.stop();
    this.onDisconnected();
  }

  private readonly onSubjectChange = (): void => {
    this.controls.abandon();
    this.onDisconnected();
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
    if (message.type === "welcome") this.onConnected(message.limits.subscriptions);
    if (!this.subscriptions.concerns(message)) return;
    this.subscriptions.receive(message);
    this.controls.receive(message);
    this.messageListeners.forEach((listener) => listener(message));
  };

  private readonly onPolled = (message: SingleMessage): void => {
    this.lastMessageTime = this.clock.now();
    this.controls.receive(message);
    this.messageListeners.forEach((listener) => listener(message));
  };

  private readonly onStatus = (status: ConnectionStatus): void => {
    if (this.wasLive && status.state !== "live") this.onDisconnected();
    if (this.socket.needsPolling) this.startPolling();
    else this.polling.stop();
    this.listeners.forEach((listener) => listener());
  };

  private onConnected(limit: number): void {
    this.wasLive = true;
    this.polling.stop();
    this.subscriptions.subscribeAll(limit);
    this.controls.resendAll();
  }

  private onDisconnected(): void {
    this.wasLive = false;
    this.polling.stop();
    this.subscriptions.suspend();
  }

  private startPolling(): void {
    this.polling.start();
    this.subscriptions.forEach((room, id) => this.polling.follow(room, id));
  }
}

function browserDefaults(): Omit<ReconnectingSocketOptions, "tokens"> {
  return {
    url: () => `${location.origin.replace(/^http/, "ws")}/ws/`,
    open: (url, protocols) => new WebSocket(url, protocols),
    clock: wallClock,
    random: Math.random,
    environment: browserEnvironment,
    sharing: null,
  };
}
