/** The tabs of a browser in one process: locks with a queue, and channels that deliver later, to all but the sender. */

import type { Tabs } from "@callboard/client";

type Listener = (message: unknown) => void;

interface Claim {
  tab: object;
  onHeld: () => void;
}

export class FakeTabs {
  private readonly locks = new Map<string, Claim[]>();
  private readonly channels = new Map<string, Map<Listener, object>>();
  private readonly ended = new Set<object>();
  private readonly frozen = new Set<object>();

  /** One more tab. */
  tab(): Tabs {
    const tab = {};
    return Object.assign(tab, {
      lock: (name: string, onHeld: () => void) => this.claim(name, { tab, onHeld }),
      channel: (name: string, onMessage: Listener) => this.join(name, tab, onMessage),
    });
  }

  /** The browser ends a tab, which is not told. */
  end(tab: Tabs): void {
    this.ended.add(tab);
    for (const [name, claims] of this.locks) {
      for (const claim of claims.filter((each) => each.tab === tab)) this.giveBack(name, claim);
    }
  }

  /** It holds what it holds, and gets no messages. */
  freeze(tab: Tabs): void {
    this.frozen.add(tab);
  }

  private claim(name: string, claim: Claim) {
    const queue = this.locks.get(name) ?? [];
    this.locks.set(name, queue);
    queue.push(claim);
    if (queue.length === 1) this.grant(name, claim);
    return () => this.giveBack(name, claim);
  }

  private grant(name: string, claim: Claim): void {
    setTimeout(() => this.locks.get(name)?.[0] === claim && !this.ended.has(claim.tab) && claim.onHeld());
  }

  private giveBack(name: string, claim: Claim): void {
    const queue = this.locks.get(name) ?? [];
    const place = queue.indexOf(claim);
    if (place === -1) return;
    queue.splice(place, 1);
    if (place === 0 && queue[0]) this.grant(name, queue[0]);
  }

  private join(name: string, tab: object, onMessage: Listener) {
    const members = this.channels.get(name) ?? new Map<Listener, object>();
    this.channels.set(name, members.set(onMessage, tab));
    return {
      post: (message: unknown) => this.ended.has(tab) || this.deliver(members, onMessage, message),
      close: () => void members.delete(onMessage),
    };
  }

  private deliver(members: Map<Listener, object>, from: Listener, message: unknown): void {
    const others = [...members].filter(([listener]) => listener !== from);
    const isAwake = (tab: object) => !this.ended.has(tab) && !this.frozen.has(tab);
    for (const [listener, tab] of others)
      setTimeout(() => members.has(listener) && isAwake(tab) && listener(structuredClone(message)));
  }
}
