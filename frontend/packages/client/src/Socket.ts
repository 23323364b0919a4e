/** One WebSocket from opening to close: parses frames, answers pings, and detects a dead connection by missing heartbeats. */

import type { Cancel, Clock } from "./clock";
import { CloseCode, type ClientMessage, type WelcomeMessage } from "./messages.gen";
import { parseFrame, type SingleMessage } from "./parseFrame";

const PROTOCOL = "callboard.v1";
const WELCOME_SECONDS = 10;
/** While somebody looks at the page: a server that is silent for this long is sent a ping. With ANSWER_SECONDS, a frozen one is noticed in 11 s. */
const SILENCE_SECONDS = 7;
/** In a hidden page: the server's own ping may be late by this much before we send one. */
const LATE_SECONDS = 10;
/** The connection counts as dead when nothing comes within this time after our ping. */
const ANSWER_SECONDS = 4;
/** For this long after a frame the line counts as proven. */
const PROOF_SECONDS = 2;

/** What is needed of a WebSocket. */
export type SocketLike = Pick<
  WebSocket,
  "readyState" | "send" | "close" | "addEventListener" | "removeEventListener"
>;
export type SocketFactory = (url: string, protocols: string[]) => SocketLike;

interface SocketOptions {
  url: string;
  token: string;
  open: SocketFactory;
  clock: Clock;
  /** Whether somebody may be looking at the page. */
  isVisible: () => boolean;
  onMessage: (message: SingleMessage) => void;
  /** Called once, with the close code; with 4201 (heartbeat lost) also when the server is silent. */
  onEnd: (code: number) => void;
}

export class Socket {
  private readonly options: SocketOptions;
  private readonly socket: SocketLike;
  private heartbeatSeconds: number | null = null;
  private lastFrameAt = -Infinity;
  private cancelTimeout: Cancel;
  private hasEnded = false;
  /** What waits for the next frame of the server. */
  private waiting: (() => void)[] = [];

  constructor(options: SocketOptions) {
    this.options = options;
    this.socket = options.open(options.url, [PROTOCOL, `bearer.${options.token}`]);
    this.socket.addEventListener("message", this.onFrame);
    this.socket.addEventListener("close", this.onClose);
    this.cancelTimeout = options.clock.after(WELCOME_SECONDS, () => this.end(CloseCode.HEARTBEAT_LOST));
  }

  get isWelcome(): boolean {
    return this.heartbeatSeconds !== null && !this.hasEnded;
  }

  send(message: ClientMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /**
   * Calls `run` once the server has shown that it is there: now, if it just did, else with its next frame; never, if the
   * connection ends before. What is sent into a dead line may arrive, and be carried out, much later.
   */
  whenProven(run: () => void): void {
    if (this.options.clock.now() - this.lastFrameAt < PROOF_SECONDS * 1000) return run();
    this.waiting.push(run);
    return this.check();
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
    if (this.isWelcome) this.noteProof();
  };

  private noteProof(): void {
    this.lastFrameAt = this.options.clock.now();
    this.expectHeartbeat();
    this.waiting.splice(0).forEach((run) => run());
  }

  private readonly onClose = (event: CloseEvent): void => this.end(event.code);

  private welcome(message: WelcomeMessage): void {
    this.heartbeatSeconds = message.heartbeat_seconds;
  }

  private expectHeartbeat(): void {
    const lateSeconds = (this.heartbeatSeconds ?? 0) + LATE_SECONDS;
    this.startTimeout(this.options.isVisible() ? SILENCE_SECONDS : lateSeconds, () => this.check());
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
