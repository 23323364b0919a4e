/** A browser's WebSocket whose other end is a test. */
export class FakeSocket extends EventTarget {
  readyState: number = WebSocket.CONNECTING;
  onClientClose: () => void = () => undefined;
  private readonly onSend: (text: string) => void;

  constructor(onSend: (text: string) => void) {
    super();
    this.onSend = onSend;
  }

  open(): void {
    this.readyState = WebSocket.OPEN;
  }

  deliver(text: string): void {
    if (this.readyState === WebSocket.OPEN) this.dispatchEvent(new MessageEvent("message", { data: text }));
  }

  /** The server, or the network, ends it. */
  end(code: number): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(new CloseEvent("close", { code }));
  }

  send(text: string): void {
    if (this.readyState !== WebSocket.OPEN) throw new DOMException("Not open.", "InvalidStateError");
    this.onSend(text);
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
    this.onClientClose();
  }
}
