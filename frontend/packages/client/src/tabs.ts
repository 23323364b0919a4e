/** How tabs of one browser agree: locks and a channel, as an interface, so that tests can have several tabs in one process. */

import type { Cancel } from "./clock";

export interface TabChannel {
  /** Sends to all other tabs of the channel; what it sends is copied. */
  post(message: unknown): void;
  close(): void;
}

export interface Tabs {
  /**
   * Asks for a lock that one tab holds at a time, and calls `onHeld` when it is ours. The browser takes it from a tab that ends.
   * Returns a function that gives it back, or withdraws the request.
   */
  lock(name: string, onHeld: () => void): Cancel;
  channel(name: string, onMessage: (message: unknown) => void): TabChannel;
}

/** Null where the browser has no locks: on pages that are not served over TLS, and in old browsers. */
export function browserTabs(): Tabs | null {
  return "locks" in navigator && "BroadcastChannel" in globalThis ? { lock, channel } : null;
}

function lock(name: string, onHeld: () => void): Cancel {
  const request = new AbortController();
  let giveBack: Cancel = () => request.abort();
  const hold = () =>
    new Promise<void>((resolve) => {
      giveBack = resolve;
      onHeld();
    });
  navigator.locks.request(name, { signal: request.signal }, hold).catch(() => undefined); // withdrawn
  return () => giveBack();
}

function channel(name: string, onMessage: (message: unknown) => void): TabChannel {
  const opened = new BroadcastChannel(name);
  opened.addEventListener("message", ({ data }: MessageEvent<unknown>) => onMessage(data));
  return {
    post: (message) => opened.postMessage(message), // oxlint-disable-line unicorn/require-post-message-target-origin -- no window
    close: () => opened.close(),
  };
}
