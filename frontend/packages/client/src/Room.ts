/** The state of one room and its listeners: what all kinds of rooms share. */

import type { SingleMessage } from "./parseFrame";

/** Why the server does not let us follow a room. */
export interface Problem {
  /** The protocol's error_type: "TargetNotFound", "PermissionDenied"… */
  type: string;
  /** For people. */
  message: string;
}

/** An immutable snapshot of a room's state; each change makes a new object. */
export interface RoomView<Value> {
  readonly value: Value | null;
  readonly problem: Problem | null;
  /** Whether the room is being followed at this moment; otherwise `value` may be out of date. */
  readonly isCurrent: boolean;
  /** When `value` was last confirmed by a message or an answer, in ms since 1970. */
  readonly lastUpdateAt: number | null;
}

export const UNKNOWN_ROOM: RoomView<never> = {
  value: null,
  problem: null,
  isCurrent: false,
  lastUpdateAt: null,
};

export abstract class Room<Value> {
  private current: RoomView<Value> = UNKNOWN_ROOM;
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  get view(): RoomView<Value> {
    return this.current;
  }

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  /** The seq to subscribe with, so that only what is missing is sent; null: everything. */
  get since(): number | null {
    return null;
  }

  /** Applies a message of this room, which may come over the socket or from polling. Other types are ignored. */
  abstract receive(message: SingleMessage): void;

  /** Calls `listener` at each change of `view`. Returns a function that stops it. */
  listen(listener: () => void): () => void {
    // A new function for each call: one component may listen twice.
    const own = () => listener();
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  /** The server refused the room. */
  fail(problem: Problem): void {
    this.change({ problem, isCurrent: false });
  }

  /** The connection is lost: keeps the value, which may be out of date from now on. */
  markStale(): void {
    if (this.current.isCurrent) this.change({ isCurrent: false });
  }

  /** Another person signed in, or the permission is gone: forgets everything. */
  clear(): void {
    this.change(UNKNOWN_ROOM);
  }

  /** A new value of the room, and proof that it is being followed. */
  protected update(value: Value): void {
    this.change({ value, problem: null, isCurrent: true, lastUpdateAt: this.now() });
  }

  /** A new value that leaves `isCurrent` and `lastUpdateAt` as they are. */
  protected updateValueOnly(value: Value): void {
    this.change({ value });
  }

  private change(part: Partial<RoomView<Value>>): void {
    this.current = { ...this.current, ...part };
    this.listeners.forEach((listener) => listener());
  }
}
