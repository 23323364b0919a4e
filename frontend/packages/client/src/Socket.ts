/** One WebSocket from opening to close: parses frames, answers pings, and detects a dead connection by missing heartbeats. */

import type { Cancel, Clock } from "./clock";
import { CloseCode, type ClientMessage, type WelcomeMessage } from "./messages.gen";
import { parseFrame, type SingleMessage } from "./parseFrame";

const PROTOCOL = "callboard.v1";
const WELCOME_SECONDS = 10;
/** The server's ping may be late by this much before we send a ping of our own. */
const LATE_SECONDS = 10;
/** The connection counts as dead when nothing comes within this time after our ping. */
const ANSWER_SECONDS = 5;
/** The browser's code for a connection that broke, or was never opened. */
const BROKEN = 1006;

export type SocketFactory = (url: string, protocols: string[]) => WebSocket;

interface SocketOptions {
  url: string;
  token: string;
  open: SocketFactory;
  clock: Clock;
  onMessage: (message: SingleMessage) => void;
  /** Called once, with the close code; with 4201 (heartbeat lost) also when the connection is found dead. */
  onEnd: (code: number) => void;
}

export class Socket {
  private readonly options: SocketOptions;
  private readonly socket: WebSocket;
  private heartbeatSeconds: number | null = null;
  private cancelTimeout: Cancel;
  private hasEnded = false;

  constructor(options: SocketOptions) {
    this.options = options;
    this.socket = options.open(options.url, [PROTOCOL, `bearer.${options.token}`]);
    this.socket.addEventListener("message", this.onFrame);
    this.socket.addEventListener("close", this.onClose);
    this.cancelTimeout = options.clock.after(WELCOME_SECONDS, () => this.end(BROKEN));
  }

  get isWelcome(): boolean {
    return this.heartbeatSeconds !== null && !this.hasEnded;
  }

  send(message: ClientMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Pings now, to find a dead connection sooner than by a missed heartbeat. */
  check(): void {
    if (!this.isWelcome) return;
    this.startTimeout(ANSWER_SECONDS, () => this.end(CloseCode.HEARTBEAT_LOST));
    this.send({ type: "ping" });
  }

  /** Closes it; `onEnd` is not called. */
  close(): void {
    this.hasEnded = true;
    this.cancelTimeout();
    this.socket.removeEventListener("message", this.onFrame);
    this.socket.removeEventListener("close", this.onClose);
    this.socket.close();
  }

  private readonly onFrame = (frame: MessageEvent): void => {
    for (const message of parseFrame(frame.data)) {
      if (this.hasEnded) return;
      if (message.type === "welcome") this.welcome(message);
      if (message.type === "ping") this.send({ type: "pong" });
      this.options.onMessage(message);
    }
    if (this.isWelcome) this.expectHeartbeat();
  };

  private readonly onClose = (event: CloseEvent): void => this.end(event.code);

  private welcome(message: WelcomeMessage): void {
    this.heartbeatSeconds = message.heartbeat_seconds;
  }

  private expectHeartbeat(): void {
    this.startTimeout((this.heartbeatSeconds ?? 0) + LATE_SECONDS, () => this.check());
  }

  private startTimeout(seconds: number, run: () => void): void {
    this.cancelTimeout();
    this.cancelTimeout = this.options.clock.after(seconds, run);
  }

  private end(code: number): void {
    // The close event of a dead connection may take minutes to come: do not wait for it.
    this.close();
    this.options.onEnd(code);
  }
}
