/** The rooms that this page watches: subscribes at the first listener, unsubscribes after the last, again after each reconnect. */

import type { Cancel, Clock } from "./clock";
import { AgentRoom, type AgentStatuses } from "./AgentRoom";
import { CoordinatorRoom } from "./CoordinatorRoom";
import type {
  ArtifactPage,
  ClientMessage,
  CoordinatorMetricsBody,
  ErrorMessage,
  RoomName,
  Target,
  TaskPage,
  WorkflowSnapshot,
} from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { randomId } from "./randomId";
import { UNKNOWN_ROOM, type Room, type RoomView } from "./Room";
import { WorkflowRoom, type EventLog } from "./WorkflowRoom";
import { WorkflowsRoom, type LiveWorkflows } from "./WorkflowsRoom";

/** The value of a room, by its target. */
export interface RoomValues {
  workflow: WorkflowSnapshot;
  workflows: LiveWorkflows;
  agent: AgentStatuses;
  coordinator: CoordinatorMetricsBody;
}

interface Subscription {
  readonly name: RoomName;
  readonly room: Room<unknown>;
  /** Of the newest subscribe message; null while there is no connection. */
  ref: string | null;
  /** Cancels the next subscribe: no answer came, or the server asked to retry later. */
  cancelRepeat: Cancel;
  cancelClose: Cancel;
}

interface SubscriptionEvents {
  send: (message: ClientMessage) => void;
  onOpen: (room: Room<unknown>, id: string) => void;
  onClose: (room: Room<unknown>) => void;
}

/** A room without listeners stays open for this long: the next page may need it, too. */
const LINGER_SECONDS = 2;
const ANSWER_SECONDS = 10;

export class Subscriptions {
  private readonly clock: Clock;
  private readonly events: SubscriptionEvents;
  private readonly subscriptions = new Map<string, Subscription>();
  private isConnected = false;
  private limit = Infinity;
  private refCount = 0;
  /** Tells our refs from those of another tab on the same socket. */
  private readonly tag = randomId();

  constructor(clock: Clock, events: SubscriptionEvents) {
    this.clock = clock;
    this.events = events;
  }

  view<T extends Target>(target: T, id: string): RoomView<RoomValues[T]> {
    const subscription = this.subscriptions.get(keyOf({ target, id }));
    return subscription ? (subscription.room.view as RoomView<RoomValues[T]>) : UNKNOWN_ROOM;
  }

  /** The events of a watched workflow since its snapshot; null when it is not watched or has no snapshot yet. */
  log(workflowId: string): EventLog | null {
    return this.workflowRoom(workflowId)?.log ?? null;
  }

  /** Adds a page of tasks to a watched workflow. */
  addTasks(workflowId: string, page: TaskPage): void {
    this.workflowRoom(workflowId)?.addTasks(page);
  }

  /** Adds a page of artifacts to a watched workflow. */
  addArtifacts(workflowId: string, page: ArtifactPage): void {
    this.workflowRoom(workflowId)?.addArtifacts(page);
  }

  /** Calls `listener` at each change of the room's view. Returns a function that stops it. */
  watch(name: RoomName, listener: () => void): () => void {
    const subscription = this.subscriptions.get(keyOf(name)) ?? this.open(name);
    subscription.cancelClose();
    const stop = subscription.room.listen(listener);
    return () => {
      stop();
      if (!subscription.room.hasListeners) this.closeLater(subscription);
    };
  }

  /** Connected: subscribes to every room, each from its last seq. `limit`: how many rooms the server allows. */
  subscribeAll(limit: number): void {
    this.isConnected = true;
    this.limit = limit;
    this.subscriptions.forEach((subscription) => this.subscribe(subscription));
  }

  /** Disconnected: every room is stale until `subscribeAll`. */
  suspend(): void {
    this.isConnected = false;
    for (const subscription of this.subscriptions.values()) {
      subscription.cancelRepeat();
      subscription.ref = null;
      subscription.room.markStale();
    }
  }

  /** Forgets what every room holds; they stay subscribed. */
  clear(): void {
    this.subscriptions.forEach(({ room }) => room.clear());
  }

  forEach(visit: (room: Room<unknown>, id: string) => void): void {
    this.subscriptions.forEach(({ room, name }) => visit(room, name.id));
  }

  /** Whether it is for this page: on a socket that tabs share, there is also what others asked for. */
  concerns(message: SingleMessage): boolean {
    if (message.type === "subscribed") return message.ref?.startsWith(this.tag) ?? true;
    const keys = keysOf(message);
    return keys.length === 0 || keys.some((key) => this.subscriptions.has(key));
  }

  receive(message: SingleMessage): void {
    if (message.type === "error") this.refuse(message);
    if (message.type === "authenticated") message.revoked.forEach((name) => this.revoke(name));
    if (message.type === "ping") this.noteLastSeqs(message.tops);
    if (message.type === "subscribed") this.confirm(message.target, message.id);
    for (const key of keysOf(message)) this.subscriptions.get(key)?.room.receive(message);
  }

  private workflowRoom(id: string): WorkflowRoom | null {
    const room = this.subscriptions.get(keyOf({ target: "workflow", id }))?.room;
    return room instanceof WorkflowRoom ? room : null;
  }

  private open(name: RoomName): Subscription {
    this.evictUnwatched();
    const room = this.build(name);
    const subscription = { name, room, ref: null, cancelRepeat: idle, cancelClose: idle };
    this.subscriptions.set(keyOf(name), subscription);
    if (this.isConnected) this.subscribe(subscription);
    this.events.onOpen(room, name.id);
    return subscription;
  }

  private build(name: RoomName): Room<unknown> {
    switch (name.target) {
      case "workflow":
        return new WorkflowRoom(this.clock, () => this.recover(name));
      case "workflows":
        return new WorkflowsRoom(() => this.clock.now());
      case "agent":
        return new AgentRoom(() => this.clock.now());
      case "coordinator":
        return new CoordinatorRoom(() => this.clock.now());
    }
  }

  private recover(name: RoomName): void {
    const subscription = this.subscriptions.get(keyOf(name));
    if (subscription && this.isConnected) this.subscribe(subscription);
  }

  private subscribe(subscription: Subscription): void {
    const { name, room } = subscription;
    this.refCount += 1;
    subscription.ref = `${this.tag}#${this.refCount}`;
    const since = room.since === null ? {} : { since: room.since };
    this.subscribeLater(subscription, ANSWER_SECONDS);
    this.events.send({ type: "subscribe", ...name, ...since, ref: subscription.ref });
  }

  private subscribeLater(subscription: Subscription, seconds: number): void {
    subscription.cancelRepeat();
    subscription.cancelRepeat = this.clock.after(seconds, () => this.subscribe(subscription));
  }

  private confirm(target: Target, id: string): void {
    const subscription = this.subscriptions.get(keyOf({ target, id }));
    subscription?.cancelRepeat();
  }

  private refuse(error: ErrorMessage): void {
    const subscription = [...this.subscriptions.values()].find(
      ({ ref }) => ref !== null && ref === error.ref,
    );
    if (!subscription) return;
    subscription.cancelRepeat();
    if (error.retryable) this.subscribeLater(subscription, error.retry_after ?? ANSWER_SECONDS);
    else subscription.room.fail({ type: error.error_type, message: error.message });
  }

  private revoke(name: RoomName): void {
    const room = this.subscriptions.get(keyOf(name))?.room;
    room?.clear();
    room?.fail({ type: "PermissionDenied", message: "You no longer have permission to watch this." });
  }

  private noteLastSeqs(tops: Record<string, number>): void {
    for (const [key, lastSeq] of Object.entries(tops)) {
      const room = this.subscriptions.get(key)?.room;
      if (room instanceof WorkflowRoom) room.noteLastSeq(lastSeq);
    }
  }

  private closeLater(subscription: Subscription): void {
    subscription.cancelClose();
    subscription.cancelClose = this.clock.after(LINGER_SECONDS, () => this.close(subscription));
  }

  private close(subscription: Subscription): void {
    const { name, room } = subscription;
    subscription.cancelClose();
    subscription.cancelRepeat();
    this.subscriptions.delete(keyOf(name));
    if (this.isConnected) this.events.send({ type: "unsubscribe", ...name });
    this.events.onClose(room);
    this.retryLimited();
  }

  /** Closes rooms without listeners when one more room would exceed the server's limit. */
  private evictUnwatched(): void {
    for (const subscription of this.subscriptions.values()) {
      if (this.subscriptions.size < this.limit) return;
      if (!subscription.room.hasListeners) this.close(subscription);
    }
  }

  /** A room was closed: subscribes to one that was refused for the limit. */
  private retryLimited(): void {
    const isLimited = ({ room }: Subscription) => room.view.problem?.type === "SubscriptionLimitExceeded";
    const waiting = [...this.subscriptions.values()].find(isLimited);
    if (waiting && this.isConnected) this.subscribe(waiting);
  }
}

function idle(): void {}

function keyOf({ target, id }: RoomName): string {
  return target === "coordinator" || target === "workflows" ? target : `${target}:${id}`;
}

/** The keys of the rooms that a message belongs to. */
function keysOf(message: SingleMessage): string[] {
  switch (message.type) {
    case "event":
    case "progress":
    case "watchers":
      return [`workflow:${message.workflow_id}`];
    case "workflow_listed":
      return ["workflows"];
    case "workflow_unlisted":
      return ["workflows", `workflow:${message.workflow_id}`];
    case "agent_status":
      return [`agent:${message.agent_name}`, "agent:*"];
    case "coordinator_metrics":
      return ["coordinator"];
    case "subscribed":
      return [keyOf(message)];
    default:
      return [];
  }
}
