/**
 * One workflow: takes its events in their order, each once, and notices what is missing.
 *
 * Events may come twice (a replay and the live stream, the socket and the polling), or not at all (a lost message).
 */

import { applyMessage } from "./applyMessage";
import type { Cancel, Clock } from "./clock";
import type {
  EventMessage,
  ProgressMessage,
  SubscribedToWorkflow,
  WatchersMessage,
  WorkflowSnapshot,
} from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { Room } from "./Room";

/** A top may run ahead of the events that are on their way; only later is something missing. */
const OVERDUE_SECONDS = 1;
/** The links to artifacts are good for an hour; a page may be open for longer. */
const LINKS_GOOD_SECONDS = 50 * 60;

/** The events after seq `after` that came since, in their order; a new object whenever there is another. */
export interface EventLog {
  readonly after: number;
  readonly events: readonly EventMessage[];
}

export class WorkflowRoom extends Room<WorkflowSnapshot> {
  /** Begins at the snapshot; null before there is one. */
  log: EventLog | null = null;
  private readonly clock: Clock;
  private readonly recover: () => void;
  /** The events after `since` were asked for again; until they come, other gaps are the same gap. */
  private isRecovering = false;
  private highestTop = 0;
  private linksGoodUntil = 0;
  private cancelCheck: Cancel | null = null;

  /** `recover` asks for everything after `since`, or for a snapshot when that is null. */
  constructor(clock: Clock, recover: () => void) {
    super(() => clock.now());
    this.clock = clock;
    this.recover = recover;
  }

  override get since(): number | null {
    return this.areLinksGood ? this.seq : null;
  }

  override accept(message: SingleMessage): void {
    if (message.type === "event") this.acceptEvent(message);
    if (message.type === "progress") this.acceptProgress(message);
    if (message.type === "watchers") this.acceptWatchers(message);
    if (message.type === "subscribed" && message.target === "workflow") this.join(message);
  }

  /** A snapshot replaces all that is known. */
  reset(snapshot: WorkflowSnapshot): void {
    this.isRecovering = false;
    this.highestTop = snapshot.seq;
    this.log = { after: snapshot.seq, events: [] };
    this.linksGoodUntil = this.clock.now() + LINKS_GOOD_SECONDS * 1000;
    this.hear(snapshot);
  }

  /** The server's newest seq, from its ping. Finds the loss of a last message, which no later one reveals. */
  noteTop(top: number): void {
    this.highestTop = Math.max(this.highestTop, top);
    if (!this.areLinksGood) this.askAgain();
    if (!this.isBehind() || this.cancelCheck) return;
    this.cancelCheck = this.clock.after(OVERDUE_SECONDS, () => {
      this.cancelCheck = null;
      if (this.isBehind()) this.askAgain();
    });
  }

  override forget(): void {
    this.log = null;
    super.forget();
  }

  override lose(): void {
    this.isRecovering = false;
    this.cancelCheck?.();
    this.cancelCheck = null;
    super.lose();
  }

  private join(message: SubscribedToWorkflow): void {
    this.isRecovering = false;
    if (message.snapshot) this.reset(message.snapshot);
    else if (this.view.value) this.hear(this.view.value);
    this.noteTop(message.seq);
  }

  private acceptEvent(event: EventMessage): void {
    const { value } = this.view;
    if (!value || event.seq <= value.seq) return;
    if (event.seq === value.seq + 1) this.take(value, event);
    else this.askAgain();
  }

  private take(value: WorkflowSnapshot, event: EventMessage): void {
    if (this.log) this.log = { ...this.log, events: [...this.log.events, event] };
    this.hear(applyMessage(value, event));
  }

  private acceptProgress(progress: ProgressMessage): void {
    const { value } = this.view;
    if (!value) return;
    this.hear(applyMessage(value, progress));
    this.noteTop(progress.seq);
  }

  /** Who comes and goes says nothing of the work: a silent worker stays silent. */
  private acceptWatchers(message: WatchersMessage): void {
    const { value } = this.view;
    if (value) this.amend(applyMessage(value, message));
  }

  private get seq(): number | null {
    return this.view.value?.seq ?? null;
  }

  private get areLinksGood(): boolean {
    return this.clock.now() < this.linksGoodUntil;
  }

  private isBehind(): boolean {
    return this.seq !== null && this.seq < this.highestTop;
  }

  private askAgain(): void {
    if (this.isRecovering) return;
    this.isRecovering = true;
    this.recover();
  }
}
