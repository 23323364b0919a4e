/**
 * The way to the server: keeps one socket alive, and says how it stands.
 *
 * Connects, renews tokens, reacts to close codes, backs off, and after five failures in a row asks for polling.
 */

import { backoffSeconds, FAILURES_BEFORE_POLLING } from "./backoff";
import type { Cancel, Clock } from "./clock";
import { reactionTo, type Reaction } from "./closeReactions";
import { CloseCode, type ClientMessage, type ErrorMessage } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { Socket, type SocketFactory } from "./Socket";
import type { BrowserEnvironment } from "./browserEnvironment";

export type LinkState =
  | "connecting" // for the first time
  | "live"
  | "reconnecting"
  | "polling" // no socket, but HTTP works
  | "offline" // and the browser says that there is no network
  | "signed_out"
  | "refused"; // the server does not want this account or this page

export interface LinkStatus {
  readonly state: LinkState;
  /** When the next attempt is due, in ms since 1970; null: it is under way, or not needed. */
  readonly retryAt: number | null;
  /** Why we do not come back by ourselves, or what keeps us out until somebody does something about it. For people. */
  readonly problem: string | null;
}

/** Where access tokens come from; `api/Session` in the app. */
export interface Tokens {
  /** Who is signed in; null: nobody. */
  subject(): string | null;
  subscribe(listener: () => void): () => void;
  /** One that still lives. */
  token(): Promise<string>;
  /** A new one, whatever the old one is worth. */
  renew(): Promise<string>;
}

export interface LinkOptions {
  url: () => string;
  tokens: Tokens;
  open: SocketFactory;
  clock: Clock;
  random: () => number;
  environment: BrowserEnvironment;
}

interface LinkEvents {
  onMessage: (message: SingleMessage) => void;
  onStatus: (status: LinkStatus) => void;
}

/** A link that held this long was good: the failures before it are forgotten. */
const STABLE_SECONDS = 10;
const JITTER_SECONDS = 1;

export class Link {
  private readonly options: LinkOptions;
  private readonly events: LinkEvents;
  private socket: Socket | null = null;
  private failures = 0;
  private needsNewToken = false;
  /** The token was renewed because the one before was refused; a better one is not to be had. */
  private isTokenNew = false;
  private isPollingWorking = false;
  /** Counts attempts; what an older one still brings is void. */
  private attempt = 0;
  /** What the server said last, before it closed the connection. */
  private farewell: ErrorMessage | null = null;
  /** What kept us out the last time, for people. */
  private obstacle: string | null = null;
  private cancelTimer: Cancel = () => undefined;
  private current: LinkStatus = { state: "signed_out", retryAt: null, problem: null };

  constructor(options: LinkOptions, events: LinkEvents) {
    this.options = options;
    this.events = events;
  }

  get status(): LinkStatus {
    return this.current;
  }

  get isLive(): boolean {
    return this.current.state === "live";
  }

  /** Whether HTTP must stand in for the socket. */
  get needsPolling(): boolean {
    const isGivenUp = this.current.state === "signed_out" || this.current.state === "refused";
    return !isGivenUp && this.socket?.isWelcome !== true && this.failures >= FAILURES_BEFORE_POLLING;
  }

  start(): void {
    this.stop();
    if (this.options.tokens.subject() === null) this.show("signed_out");
    else void this.connect();
  }

  stop(): void {
    this.attempt += 1;
    this.failures = 0;
    this.needsNewToken = this.isTokenNew = false;
    this.obstacle = null;
    this.cancelTimer();
    this.socket?.close();
    this.socket = null;
  }

  send(message: ClientMessage): void {
    this.socket?.send(message);
  }

  /** The network came back, or somebody looks: check the link, or try again at once. */
  wake(): void {
    if (this.socket?.isWelcome) this.socket.check();
    else if (this.current.retryAt !== null) void this.connect();
  }

  /** The polling says whether HTTP gets through. */
  notePolling(isWorking: boolean): void {
    if (this.isPollingWorking === isWorking) return;
    this.isPollingWorking = isWorking;
    this.refresh();
  }

  /** The network came or went: that changes what a broken link is called. */
  refresh(): void {
    if (["reconnecting", "polling", "offline"].includes(this.current.state)) this.showBroken();
  }

  /** Puts a new token in place of one that is about to expire. Should that fail, the server's 4203 follows. */
  async renewInPlace(): Promise<void> {
    const token = await this.options.tokens.renew().catch(() => null);
    if (token !== null) this.send({ type: "authenticate", token });
  }

  private async connect(): Promise<void> {
    this.cancelTimer();
    this.attempt += 1;
    const { attempt } = this;
    if (this.failures === 0) this.show("connecting");
    else this.showBroken(null);
    const token = await this.obtainToken();
    if (attempt !== this.attempt) return;
    if (token === null) this.tokenFailed();
    else this.openSocket(token);
  }

  private async obtainToken(): Promise<string | null> {
    const { tokens } = this.options;
    try {
      const token = await (this.needsNewToken ? tokens.renew() : tokens.token());
      this.isTokenNew = this.needsNewToken;
      this.needsNewToken = false;
      return token;
    } catch {
      return null;
    }
  }

  private tokenFailed(): void {
    if (this.options.tokens.subject() === null) this.show("signed_out");
    else this.retry({ reconnect: "after_backoff" });
  }

  private openSocket(token: string): void {
    const { url, open, clock } = this.options;
    this.farewell = null;
    this.socket = new Socket({
      url: url(),
      token,
      open,
      clock,
      onMessage: this.onMessage,
      onEnd: this.onEnd,
    });
  }

  private readonly onMessage = (message: SingleMessage): void => {
    if (message.type === "welcome") this.welcome();
    if (message.type === "error") this.farewell = message;
    if (message.type === "token_expiring") void this.renewInPlace();
    this.events.onMessage(message);
  };

  private welcome(): void {
    this.isPollingWorking = false; // for the next time
    this.isTokenNew = false;
    this.obstacle = null;
    this.show("live");
    this.cancelTimer = this.options.clock.after(STABLE_SECONDS, () => (this.failures = 0));
  }

  private readonly onEnd = (code: number): void => {
    this.socket = null;
    this.cancelTimer();
    const reaction = reactionTo(code, this.farewell);
    if (reaction.reconnect === "never") this.show("refused", reaction.problem);
    else if (code === CloseCode.TOKEN_INVALID && this.isTokenNew) this.show("signed_out");
    else this.retry(reaction);
  };

  private retry(reaction: Reaction): void {
    this.needsNewToken ||= reaction.needsNewToken === true;
    this.obstacle = reaction.problem ?? null;
    this.failures = Math.max(this.failures + 1, reaction.needsPolling ? FAILURES_BEFORE_POLLING : 0);
    const seconds = this.delaySeconds(reaction);
    this.cancelTimer = this.options.clock.after(seconds, () => void this.connect());
    this.showBroken(this.options.clock.now() + seconds * 1000);
  }

  /** "Now" is for the first time: a server that closes again and again must not be stormed. */
  private delaySeconds({ reconnect, leastSeconds = 0 }: Reaction): number {
    const { random } = this.options;
    if (this.failures > 1 || reconnect === "after_backoff") {
      return Math.max(backoffSeconds(this.failures, random), leastSeconds);
    }
    return reconnect === "now_with_jitter" ? random() * JITTER_SECONDS : 0;
  }

  private showBroken(retryAt: number | null = this.current.retryAt): void {
    this.show(this.brokenState(), this.obstacle, retryAt);
  }

  private brokenState(): LinkState {
    if (this.needsPolling && this.isPollingWorking) return "polling";
    return this.options.environment.isOnline() ? "reconnecting" : "offline";
  }

  private show(state: LinkState, problem: string | null = null, retryAt: number | null = null): void {
    this.current = { state, retryAt, problem };
    this.events.onStatus(this.current);
  }
}
