/** What is known of one room and who wants to know: the part that all rooms share. */

import type { SingleMessage } from "./parseFrame";

/** Why a room shows nothing, for people. */
export interface Problem {
  /** The protocol's error_type: "TargetNotFound", "PermissionDenied"… */
  type: string;
  message: string;
}

/** A room at one moment; a new object whenever something changed. */
export interface RoomView<Value> {
  readonly value: Value | null;
  readonly problem: Problem | null;
  /** Whether the connection is up and this room is being followed; otherwise `value` is the last that we know. */
  readonly isCurrent: boolean;
  /** When something was last heard of this room, in ms since 1970. */
  readonly lastNewsAt: number | null;
}

export const UNKNOWN_ROOM: RoomView<never> = {
  value: null,
  problem: null,
  isCurrent: false,
  lastNewsAt: null,
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

  /** A message of this room, from whatever way it came. */
  abstract accept(message: SingleMessage): void;

  listen(listener: () => void): () => void {
    // A function of its own for each call: one component may listen twice.
    const own = () => listener();
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  /** The server says no. */
  fail(problem: Problem): void {
    this.change({ problem, isCurrent: false });
  }

  /** The way to the server is gone; what is shown may be old now. */
  lose(): void {
    if (this.current.isCurrent) this.change({ isCurrent: false });
  }

  /** Somebody else signed in: what was shown is not theirs. */
  forget(): void {
    this.change(UNKNOWN_ROOM);
  }

  protected hear(value: Value): void {
    this.change({ value, problem: null, isCurrent: true, lastNewsAt: this.now() });
  }

  /** Something beside the matter itself changed: no news of it, and no sign that it is being followed. */
  protected amend(value: Value): void {
    this.change({ value });
  }

  private change(part: Partial<RoomView<Value>>): void {
    this.current = { ...this.current, ...part };
    this.listeners.forEach((listener) => listener());
  }
}
