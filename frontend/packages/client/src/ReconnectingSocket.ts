/**
 * One WebSocket to the server, opened again whenever it closes.
 *
 * Renews tokens, reacts to close codes, backs off, and asks for HTTP polling while there is no socket.
 */

import { backoffSeconds, LONGEST_BACKOFF } from "./backoff";
import type { Cancel, Clock } from "./clock";
import { identityOf } from "./http/claims";
import { reconnectPolicy, type ReconnectPolicy } from "./reconnectPolicy";
import { CloseCode, type ClientMessage, type ErrorMessage } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { HANDOVER, type SharedSocket } from "./SharedSocket";
import { Socket, type SocketFactory, type SocketLike } from "./Socket";
import type { BrowserEnvironment } from "./browserEnvironment";
import type { TokenSource } from "./TokenSource";

export type ConnectionState =
  | "connecting" // the first attempt
  | "live"
  | "reconnecting"
  | "polling" // no WebSocket, but HTTP works
  | "offline" // no WebSocket, and the browser has no network
  | "signed_out"
  | "refused"; // the server does not accept this account, or this version of the page

export type DisconnectCause =
  | "lost" // it broke, or could not be opened
  | "silent" // it is open, and the server does not answer
  | "restarting"; // the server said that it is shutting down

export interface ConnectionStatus {
  readonly state: ConnectionState;
  /** When the next attempt starts, in ms since 1970; null: it is under way, or none is planned. */
  readonly retryAt: number | null;
  /** Why there is no connection; null while there is one, or none has been tried. */
  readonly cause: DisconnectCause | null;
  /** What a person must do before it connects again, as a sentence to show; null: nothing. */
  readonly problem: string | null;
}

export interface ReconnectingSocketOptions {
  url: () => string;
  tokens: TokenSource;
  open: SocketFactory;
  clock: Clock;
  random: () => number;
  environment: BrowserEnvironment;
  /** One socket for all tabs; null: this tab has its own. */
  sharing: SharedSocket | null;
}

interface ReconnectingSocketEvents {
  onMessage: (message: SingleMessage) => void;
  onStatus: (status: ConnectionStatus) => void;
}

/** A connection open for this long counts as stable: the count of failures starts at 0 again. */
const STABLE_SECONDS = 10;
const JITTER_SECONDS = 1;
const CAUSES: Partial<Record<number, DisconnectCause>> = {
  [CloseCode.HEARTBEAT_LOST]: "silent",
  [CloseCode.SHUTTING_DOWN]: "restarting",
};
/** Without a socket for this long, HTTP stands in for it. A shorter gap, as of a restart, does not make all clients poll. */
const POLLING_AFTER_SECONDS = 2;

export class ReconnectingSocket {
  private readonly options: ReconnectingSocketOptions;
  private readonly events: ReconnectingSocketEvents;
  private socket: Socket | null = null;
  private failures = 0;
  private needsNewToken = false;
  /** The token was renewed because the server refused the one before; if it refuses this one too, only a new sign-in helps. */
  private isTokenRenewed = false;
  private isPollingWorking = false;
  /** There has been no socket for so long that HTTP must stand in; or the first attempt failed, so that there may never be one. */
  private isPollingDue = false;
  private hasBeenLive = false;
  private cancelPollingTimer: Cancel | null = null;
  /** Counts attempts, so that what an older one still delivers is ignored. */
  private attempt = 0;
  /** The last error message since the socket opened: why the server closes it. */
  private lastError: ErrorMessage | null = null;
  /** `problem` of the last failure. */
  private lastProblem: string | null = null;
  private lastCause: DisconnectCause | null = null;
  private cancelTimer: Cancel = () => undefined;
  private current: ConnectionStatus = { state: "signed_out", retryAt: null, cause: null, problem: null };

  constructor(options: ReconnectingSocketOptions, events: ReconnectingSocketEvents) {
    this.options = options;
    this.events = events;
  }

  get status(): ConnectionStatus {
    return this.current;
  }

  get isLive(): boolean {
    return this.current.state === "live";
  }

  /** Whether HTTP polling must stand in for the socket. */
  get needsPolling(): boolean {
    const hasGivenUp = this.current.state === "signed_out" || this.current.state === "refused";
    return !hasGivenUp && this.socket?.isWelcome !== true && this.isPollingDue;
  }

  start(): void {
    this.stop();
    if (this.options.tokens.subject() === null) this.show("signed_out");
    else void this.connect();
  }

  stop(): void {
    this.attempt += 1;
    this.failures = 0;
    this.needsNewToken = this.isTokenRenewed = false;
    this.hasBeenLive = false;
    this.lastProblem = this.lastCause = null;
    this.cancelTimer();
    this.endGap();
    this.options.sharing?.leave();
    this.socket?.close();
    this.socket = null;
  }

  send(message: ClientMessage): void {
    this.socket?.send(message);
  }

  /** Calls `run` when the server has shown that it is there, now or soon; never, when the socket ends before, or there is none. */
  whenProven(run: () => void): void {
    this.socket?.whenProven(run);
  }

  /** For when the network came back or the page became visible: checks an open socket, or connects without waiting. */
  wake(): void {
    if (this.socket?.isWelcome) this.socket.check();
    else if (this.current.retryAt !== null) void this.connect();
  }

  /** Takes note whether HTTP polling works, which decides between the states "polling" and "reconnecting". */
  notePolling(isWorking: boolean): void {
    if (this.isPollingWorking === isWorking) return;
    this.isPollingWorking = isWorking;
    this.refresh();
  }

  /** Shows "offline" or "reconnecting" anew, after the network came or went. */
  refresh(): void {
    if (["connecting", "reconnecting", "polling", "offline"].includes(this.current.state))
      this.showDisconnected();
  }

  /** Replaces a token that is about to expire, on the open socket. If that fails, the server closes with 4203 later. */
  async renewInPlace(): Promise<void> {
    const token = await this.options.tokens.renew().catch(() => null);
    if (token !== null) this.send({ type: "authenticate", token });
  }

  private async connect(): Promise<void> {
    this.cancelTimer();
    this.attempt += 1;
    const { attempt } = this;
    this.startGap();
    if (!this.isLive) this.showDisconnected(null);
    const token = await this.obtainToken();
    if (attempt !== this.attempt) return;
    if (token === null) this.tokenFailed();
    else this.openSocket(token);
  }

  private async obtainToken(): Promise<string | null> {
    const { tokens } = this.options;
    try {
      const token = await (this.needsNewToken ? tokens.renew() : tokens.token());
      this.isTokenRenewed = this.needsNewToken;
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
    const { url, clock, environment } = this.options;
    this.lastError = null;
    this.socket = new Socket({
      url: url(),
      token,
      open: (address, protocols) => this.open(token, address, protocols),
      clock,
      isVisible: () => environment.isVisible(),
      onMessage: this.onMessage,
      onEnd: this.onEnd,
    });
  }

  private open(token: string, url: string, protocols: string[]): SocketLike {
    const { sharing, open, tokens } = this.options;
    // The token decides what the server sends: tabs with another one, such as for a single workflow, do not share it.
    const identity = `${tokens.subject()} ${identityOf(token)}`;
    return sharing?.open(identity, url, protocols) ?? open(url, protocols);
  }

  private readonly onMessage = (message: SingleMessage): void => {
    if (message.type === "welcome") this.welcome();
    if (message.type === "error") this.lastError = message;
    if (message.type === "token_expiring") void this.renewInPlace();
    this.events.onMessage(message);
  };

  private welcome(): void {
    this.isPollingWorking = false; // unknown, when the socket is lost again
    this.isTokenRenewed = false;
    this.lastProblem = this.lastCause = null;
    this.hasBeenLive = true;
    this.endGap();
    this.show("live");
    this.cancelTimer = this.options.clock.after(STABLE_SECONDS, () => (this.failures = 0));
  }

  private readonly onEnd = (code: number): void => {
    this.socket = null;
    this.cancelTimer();
    if (code === HANDOVER) return void this.connect();
    this.lastCause = CAUSES[code] ?? "lost";
    const policy = reconnectPolicy(code, this.lastError);
    if (policy.reconnect === "never") this.show("refused", policy.problem);
    else if (code === CloseCode.TOKEN_INVALID && this.isTokenRenewed) this.show("signed_out");
    else this.retry(policy);
  };

  private retry(policy: ReconnectPolicy): void {
    this.needsNewToken ||= policy.needsNewToken === true;
    this.lastProblem = policy.problem ?? null;
    this.failures = Math.max(this.failures + 1, policy.needsPolling ? LONGEST_BACKOFF : 0);
    this.isPollingDue ||= policy.needsPolling === true || !this.hasBeenLive;
    this.startGap();
    const seconds = this.delaySeconds(policy);
    this.cancelTimer = this.options.clock.after(seconds, () => void this.connect());
    this.showDisconnected(this.options.clock.now() + seconds * 1000);
  }

  /** "now" counts only for the first failure in a row: a server that closes again and again must not be flooded. */
  private delaySeconds({ reconnect, minimumSeconds = 0 }: ReconnectPolicy): number {
    const { random } = this.options;
    if (this.failures > 1 || reconnect === "after_backoff") {
      return Math.max(backoffSeconds(this.failures, random), minimumSeconds);
    }
    return reconnect === "now_with_jitter" ? random() * JITTER_SECONDS : 0;
  }

  /** There is no socket from now on; the same gap lasts until there is one. */
  private startGap(): void {
    this.cancelPollingTimer ??= this.options.clock.after(POLLING_AFTER_SECONDS, () => {
      this.isPollingDue = true;
      if (this.isLive)
        this.showDisconnected(); // a handover that takes long
      else this.refresh();
    });
  }

  private endGap(): void {
    this.cancelPollingTimer?.();
    this.cancelPollingTimer = null;
    this.isPollingDue = false;
  }

  private showDisconnected(retryAt: number | null = this.current.retryAt): void {
    this.show(this.disconnectedState(), this.lastProblem, retryAt);
  }

  private disconnectedState(): ConnectionState {
    if (this.isPollingDue && this.isPollingWorking) return "polling";
    if (this.failures === 0) return "connecting";
    return this.options.environment.isOnline() ? "reconnecting" : "offline";
  }

  private show(state: ConnectionState, problem: string | null = null, retryAt: number | null = null): void {
    const cause = state === "live" ? null : this.lastCause;
    this.current = { state, retryAt, cause, problem };
    this.events.onStatus(this.current);
  }
}
