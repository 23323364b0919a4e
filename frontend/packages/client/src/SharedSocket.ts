/**
 * One WebSocket for all tabs of a person: the tab that holds a lock leads and has the socket, the others speak to it over a
 * channel. When it ends, the browser gives the lock to another, which leads from then on; subscriptions resume by their seq, so
 * that no tab misses an event. A tab that the leader does not answer, or has no room for, opens a socket of its own.
 *
 * It looks like the factory of a socket: nothing else knows that there are tabs.
 */

import type { Cancel, Clock } from "./clock";
import { CloseCode, type ClientMessage } from "./messages.gen";
import { randomId } from "./randomId";
import type { SocketFactory, SocketLike } from "./Socket";
import { SocketHub, type TabAnswer, type TabRequest } from "./SocketHub";
import type { TabChannel, Tabs } from "./tabs";
import { TabSocket } from "./TabSocket";

/** Ours, never the server's: another socket takes over. Reconnect at once, and say nothing. */
export const HANDOVER = 4900;
/** A leader that does not answer for so long is taken for frozen. */
const LEADER_SECONDS = 2;

interface SharedSocketOptions {
  tabs: Tabs;
  open: SocketFactory;
  clock: Clock;
}

export class SharedSocket {
  private readonly options: SharedSocketOptions;
  private readonly id = randomId();
  private name = "";
  private channel: TabChannel | null = null;
  private locks: Cancel[] = [];
  /** As this tab sees it. */
  private socket: TabSocket | null = null;
  /** The real one, where this tab has it. */
  private real: SocketLike | null = null;
  private openReal: () => SocketLike;
  /** This tab leads. */
  private hub: SocketHub | null = null;
  /** The other tabs know that this one lives. */
  private isKnown = false;
  /** This tab has a socket of its own, whoever leads. */
  private isAlone = false;
  private cancelWait: Cancel = () => undefined;

  constructor(options: SharedSocketOptions) {
    this.options = options;
    this.openReal = () => this.options.open("", []);
  }

  /** Only tabs with the same address and the same identity share a socket. */
  open(identity: string, url: string, protocols: string[]): SocketLike {
    this.join(`callboard ${url} ${identity}`);
    this.openReal = () => this.options.open(url, protocols);
    const socket = new TabSocket({ onSend: this.send, onClose: this.onClosedHere });
    this.socket = socket;
    if (this.hub || this.isAlone) this.connect();
    else this.greet();
    return socket;
  }

  /** Leaves the other tabs, to which this one may hand over its socket. */
  leave(): void {
    this.post({ kind: "bye", from: this.id });
    this.cancelWait();
    this.hub?.close();
    this.hub = null;
    this.closeReal();
    this.locks.splice(0).forEach((giveBack) => giveBack());
    this.channel?.close();
    this.channel = null;
    this.isKnown = this.isAlone = false;
  }

  private join(name: string): void {
    if (this.channel && name === this.name) return;
    if (this.channel) this.leave(); // another person, or another scope
    this.name = name;
    const { tabs } = this.options;
    this.channel = tabs.channel(name, this.onMessage);
    this.locks = [
      // Held for as long as the tab lives: by it the leader learns that a tab has ended.
      tabs.lock(`${name} ${this.id}`, () => {
        this.isKnown = true;
        this.greet();
      }),
      tabs.lock(name, () => this.lead(name)),
    ];
  }

  private lead(name: string): void {
    this.hub = new SocketHub({
      clock: this.options.clock,
      own: this.id,
      post: (answer) => this.post(answer),
      send: (text) => this.real?.send(text),
      end: (code) => this.endReal(code),
      whenGone: (tab, forget) => this.options.tabs.lock(`${name} ${tab}`, forget),
    });
    this.cancelWait();
    this.isAlone = false;
    this.post({ kind: "leading" });
    if (this.socket?.readyState === WebSocket.OPEN) this.handOver();
    else if (this.isOpen && !this.real) this.connect();
  }

  /** Lets the tab open another socket in place of the present one. */
  private handOver(): void {
    this.closeReal();
    this.socket?.end(HANDOVER);
  }

  private greet(): void {
    if (!this.isKnown || this.hub || this.isAlone || !this.isOpen) return;
    this.post({ kind: "hello", from: this.id });
    this.cancelWait();
    this.cancelWait = this.options.clock.after(LEADER_SECONDS, () => this.goAlone());
  }

  private get isOpen(): boolean {
    return this.socket !== null && this.socket.readyState !== WebSocket.CLOSED;
  }

  private goAlone(): void {
    this.isAlone = true;
    if (this.socket?.readyState === WebSocket.OPEN) this.handOver();
    else if (this.isOpen) this.connect();
  }

  private connect(): void {
    const real = this.openReal();
    this.real = real;
    real.addEventListener("message", this.onFrame);
    real.addEventListener("close", this.onRealClose);
  }

  private closeReal(): void {
    this.real?.removeEventListener("message", this.onFrame);
    this.real?.removeEventListener("close", this.onRealClose);
    this.real?.close();
    this.real = null;
  }

  private endReal(code: number): void {
    this.closeReal();
    this.hub?.onClosed(code);
    this.socket?.end(code);
  }

  private readonly onFrame = ({ data }: MessageEvent): void => {
    const text = String(data);
    this.hub?.onFrame(text);
    this.socket?.deliver(text);
  };

  private readonly onRealClose = ({ code }: CloseEvent): void => this.endReal(code);

  private readonly onClosedHere = (): void => {
    this.cancelWait();
    if (!this.real) return this.post({ kind: "bye", from: this.id });
    this.closeReal();
    return this.hub?.onClosed(CloseCode.HEARTBEAT_LOST);
  };

  private readonly send = (text: string): void => {
    if (this.hub) this.hub.forward(this.id, JSON.parse(text) as ClientMessage);
    else if (this.real) this.real.send(text);
    else this.post({ kind: "send", from: this.id, text });
  };

  private post(message: TabRequest | TabAnswer): void {
    this.channel?.post(message);
  }

  private readonly onMessage = (message: unknown): void => {
    const received = message as TabRequest | TabAnswer;
    if ("from" in received) this.hub?.receive(received);
    else if ((received.to ?? this.id) === this.id && !this.hub && !this.isAlone) this.receive(received);
  };

  private receive(answer: TabAnswer): void {
    switch (answer.kind) {
      case "leading":
        return this.greet();
      case "waiting":
        return this.cancelWait();
      case "welcome":
        this.cancelWait();
        return this.socket?.deliver(answer.text);
      case "frame":
        if (this.socket?.readyState === WebSocket.OPEN) this.socket.deliver(answer.text);
        return undefined;
      case "closed":
        return this.socket?.end(answer.code);
      case "full":
        return this.goAlone();
    }
  }
}
