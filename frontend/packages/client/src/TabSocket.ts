/** A WebSocket as one tab sees it; what is behind it may be the socket of another tab. */

import type { SocketLike } from "./Socket";

interface TabSocketEvents {
  onSend: (text: string) => void;
  /** The tab closed it. */
  onClose: () => void;
}

export class TabSocket extends EventTarget implements SocketLike {
  readyState: SocketLike["readyState"] = WebSocket.CONNECTING;
  private readonly events: TabSocketEvents;

  constructor(events: TabSocketEvents) {
    super();
    this.events = events;
  }

  /** The first frame opens it. */
  deliver(text: string): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new MessageEvent("message", { data: text }));
  }

  end(code: number): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(new CloseEvent("close", { code }));
  }

  send(text: string): void {
    this.events.onSend(text);
  }

  close(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.events.onClose();
  }
}
