/** One WebSocket, from its opening to its end: says when it is welcome, whether it still lives, and why it ended. */

import type { Cancel, Clock } from "./clock";
import { CloseCode, type ClientMessage, type WelcomeMessage } from "./messages.gen";
import { parseFrame, type SingleMessage } from "./parseFrame";

const PROTOCOL = "callboard.v1";
const WELCOME_SECONDS = 10;
/** The server's ping may be late by this much before we ask ourselves. */
const LATE_SECONDS = 10;
/** How long the answer to our ping may take. */
const ANSWER_SECONDS = 5;
/** No code at all: the connection broke, or never came to be. */
const BROKEN = 1006;

export type SocketFactory = (url: string, protocols: string[]) => WebSocket;

interface SocketOptions {
  url: string;
  token: string;
  open: SocketFactory;
  clock: Clock;
  onMessage: (message: SingleMessage) => void;
  /** Called once, with the close code; 4201 also when the connection turned out to be dead. */
  onEnd: (code: number) => void;
}

export class Socket {
  private readonly options: SocketOptions;
  private readonly socket: WebSocket;
  private heartbeatSeconds: number | null = null;
  private cancelWatch: Cancel;
  private hasEnded = false;

  constructor(options: SocketOptions) {
    this.options = options;
    this.socket = options.open(options.url, [PROTOCOL, `bearer.${options.token}`]);
    this.socket.addEventListener("message", this.onFrame);
    this.socket.addEventListener("close", this.onClose);
    this.cancelWatch = options.clock.after(WELCOME_SECONDS, () => this.end(BROKEN));
  }

  get isWelcome(): boolean {
    return this.heartbeatSeconds !== null && !this.hasEnded;
  }

  send(message: ClientMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Finds out now whether the connection still lives, instead of waiting for a heartbeat to be missed. */
  check(): void {
    if (!this.isWelcome) return;
    this.watch(ANSWER_SECONDS, () => this.end(CloseCode.HEARTBEAT_LOST));
    this.send({ type: "ping" });
  }

  /** Ends it from our side; `onEnd` is not called. */
  close(): void {
    this.hasEnded = true;
    this.cancelWatch();
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
    this.watch((this.heartbeatSeconds ?? 0) + LATE_SECONDS, () => this.check());
  }

  private watch(seconds: number, run: () => void): void {
    this.cancelWatch();
    this.cancelWatch = this.options.clock.after(seconds, run);
  }

  private end(code: number): void {
    // A dead connection's own close event may take minutes to come.
    this.close();
    this.options.onEnd(code);
  }
}
