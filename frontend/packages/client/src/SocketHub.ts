/** The tab that leads: passes what the server sends on to the other tabs, and what they send on to the server. */

import type { Cancel, Clock } from "./clock";
import { CloseCode, type ClientMessage, type RoomName, type WelcomeMessage } from "./messages.gen";
import { parseFrame } from "./parseFrame";

/** To the leader. */
export type TabRequest =
  | { kind: "hello"; from: string }
  | { kind: "bye"; from: string }
  | { kind: "send"; from: string; text: string };

/** From the leader; without `to`, for all tabs. */
export type TabAnswer =
  | { kind: "leading"; to?: string }
  | { kind: "waiting"; to?: string }
  | { kind: "welcome"; to?: string; text: string }
  | { kind: "frame"; to?: string; text: string }
  | { kind: "closed"; to?: string; code: number }
  | { kind: "full"; to?: string };

interface SocketHubOptions {
  clock: Clock;
  /** The id of the tab that leads. */
  own: string;
  post: (answer: TabAnswer) => void;
  /** Sends to the server, if there is a socket. */
  send: (text: string) => void;
  /** Ends the socket, which is dead. */
  end: (code: number) => void;
  /** Calls `forget` when the tab has ended. */
  whenGone: (tab: string, forget: () => void) => Cancel;
}

/** A ping that is not answered for so long means that the socket is dead. */
const ANSWER_SECONDS = 4;

export class SocketHub {
  private readonly options: SocketHubOptions;
  /** The rooms of each tab, by their keys. */
  private readonly rooms = new Map<string, Map<string, RoomName>>();
  private readonly watched = new Map<string, Cancel>();
  private welcome: WelcomeMessage | null = null;
  /** Tabs that wait for proof that the socket is alive. */
  private askers = new Set<string>();
  private pingedAt: number | null = null;

  constructor(options: SocketHubOptions) {
    this.options = options;
  }

  close(): void {
    this.watched.forEach((stop) => stop());
  }

  receive(request: TabRequest): void {
    switch (request.kind) {
      case "hello":
        return this.admit(request.from);
      case "bye":
        return this.forget(request.from);
      case "send":
        return this.forward(request.from, JSON.parse(request.text) as ClientMessage);
    }
  }

  onFrame(text: string): void {
    this.pingedAt = null;
    const isFirst = this.welcome === null;
    this.welcome ??= parseFrame(text).find((message) => message.type === "welcome") ?? null;
    if (this.watched.size === 0) return;
    this.options.post({ kind: isFirst ? "welcome" : "frame", text });
    this.answerAskers();
  }

  onClosed(code: number): void {
    this.welcome = null;
    this.pingedAt = null;
    this.askers.clear();
    this.rooms.clear();
    this.options.post({ kind: "closed", code });
  }

  /** Passes on what a tab sends, as if all tabs were one. */
  forward(tab: string, message: ClientMessage): void {
    switch (message.type) {
      case "subscribe":
        return this.subscribe(tab, message);
      case "unsubscribe":
        return this.unsubscribe(tab, message);
      case "ping":
        return this.ping();
      case "control":
        return this.send(message);
      case "pong":
      case "authenticate":
        // Once is enough: the server knows one client.
        return tab === this.options.own ? this.send(message) : undefined;
    }
  }

  private send(message: ClientMessage): void {
    this.options.send(JSON.stringify(message));
  }

  private admit(tab: string): void {
    if (!this.watched.has(tab))
      this.watched.set(
        tab,
        this.options.whenGone(tab, () => this.forget(tab)),
      );
    this.options.post({ kind: "waiting", to: tab });
    if (!this.welcome) return; // it is sent to all when it comes
    this.askers.add(tab);
    if (this.isDead) this.options.end(CloseCode.HEARTBEAT_LOST);
    else this.ping();
  }

  private get isDead(): boolean {
    return this.pingedAt !== null && this.options.clock.now() - this.pingedAt > ANSWER_SECONDS * 1000;
  }

  private ping(): void {
    if (this.pingedAt !== null) return;
    this.pingedAt = this.options.clock.now();
    this.send({ type: "ping" });
  }

  /** The server has just sent something: a tab that asked may rely on the socket. */
  private answerAskers(): void {
    if (!this.welcome) return;
    const text = JSON.stringify(this.welcome);
    this.askers.forEach((to) => this.options.post({ kind: "welcome", to, text }));
    this.askers.clear();
  }

  private subscribe(tab: string, message: Extract<ClientMessage, { type: "subscribe" }>): void {
    const { target, id = "" } = message;
    const isNew = !this.isSubscribed(keyOf(message));
    if (isNew && this.isFull && !this.makeRoom(tab)) return;
    const rooms = this.rooms.get(tab) ?? new Map<string, RoomName>();
    this.rooms.set(tab, rooms.set(keyOf(message), { target, id }));
    this.send(message);
  }

  private unsubscribe(tab: string, message: Extract<ClientMessage, { type: "unsubscribe" }>): void {
    this.rooms.get(tab)?.delete(keyOf(message));
    if (!this.isSubscribed(keyOf(message))) this.send(message);
  }

  private isSubscribed(key: string): boolean {
    return [...this.rooms.values()].some((rooms) => rooms.has(key));
  }

  private get isFull(): boolean {
    const keys = new Set([...this.rooms.values()].flatMap((rooms) => [...rooms.keys()]));
    return this.welcome !== null && keys.size >= this.welcome.limits.subscriptions;
  }

  /** The server allows a client so many rooms: another tab gets a socket of its own, be it the asker. Returns whether the asker stays. */
  private makeRoom(asker: string): boolean {
    const others = [...this.rooms].filter(([tab]) => tab !== this.options.own);
    const largest = others.toSorted(([, a], [, b]) => b.size - a.size)[0]?.[0];
    const leaver = asker === this.options.own ? largest : asker;
    if (leaver === undefined) return true;
    this.options.post({ kind: "full", to: leaver });
    this.forget(leaver);
    return leaver !== asker;
  }

  private forget(tab: string): void {
    const rooms = this.rooms.get(tab) ?? new Map<string, RoomName>();
    this.rooms.delete(tab);
    this.askers.delete(tab);
    this.watched.get(tab)?.();
    this.watched.delete(tab);
    for (const [key, name] of rooms) if (!this.isSubscribed(key)) this.send({ type: "unsubscribe", ...name });
  }
}

function keyOf({ target, id = "" }: { target: string; id?: string }): string {
  return `${target}:${id}`;
}
