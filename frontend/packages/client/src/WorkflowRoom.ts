/**
 * One workflow: applies its events in the order of seq, each once, and asks for what is missing.
 *
 * An event may come twice (replayed and live, over the socket and by polling), or not at all (a lost message).
 */

import { addArtifacts, addTasks, applyMessage } from "./applyMessage";
import type { Cancel, Clock } from "./clock";
import type {
  ArtifactPage,
  EventMessage,
  ProgressMessage,
  SubscribedToWorkflow,
  TaskPage,
  WatchersMessage,
  WorkflowSnapshot,
} from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { Room } from "./Room";

/** The server's last seq may arrive before the events up to it; only after this time they count as lost. */
const GAP_GRACE_SECONDS = 1;
/** The signed URLs of artifacts are valid for an hour; a page may be open for longer. */
const URLS_VALID_SECONDS = 50 * 60;

/** The events after seq `after`, in order; each further event makes a new object. */
export interface EventLog {
  readonly after: number;
  readonly events: readonly EventMessage[];
}

export class WorkflowRoom extends Room<WorkflowSnapshot> {
  /** The events since the newest snapshot; null before the first one. */
  log: EventLog | null = null;
  private readonly clock: Clock;
  private readonly recover: () => void;
  /** Recovery was requested; until it comes, another gap is part of the same one. */
  private isRecovering = false;
  private highestSeq = 0;
  private urlsValidUntil = 0;
  private cancelCheck: Cancel | null = null;
  /** Pages of tasks that are ahead of the events that came so far. */
  private earlyPages: readonly TaskPage[] = [];

  /** `recover` asks for everything after `since`, or for a snapshot when that is null. */
  constructor(clock: Clock, recover: () => void) {
    super(() => clock.now());
    this.clock = clock;
    this.recover = recover;
  }

  override get since(): number | null {
    return this.areUrlsValid ? this.seq : null;
  }

  override receive(message: SingleMessage): void {
    if (message.type === "event") this.receiveEvent(message);
    if (message.type === "progress") this.receiveProgress(message);
    if (message.type === "watchers") this.receiveWatchers(message);
    if (message.type === "subscribed" && message.target === "workflow") this.onSubscribed(message);
  }

  /** Adds tasks that the snapshot of a large workflow leaves out; those of a page that is ahead of it as soon as it has caught up. */
  addTasks(page: TaskPage): void {
    this.earlyPages = [...this.earlyPages, page];
    this.addDuePages();
  }

  /** Adds artifacts that the snapshot of a large workflow leaves out. */
  addArtifacts(page: ArtifactPage): void {
    const { value } = this.view;
    if (value) this.updateValueOnly(addArtifacts(value, page));
  }

  /** Replaces everything by a new snapshot. */
  reset(snapshot: WorkflowSnapshot): void {
    this.isRecovering = false;
    this.highestSeq = snapshot.seq;
    this.log = { after: snapshot.seq, events: [] };
    this.urlsValidUntil = this.clock.now() + URLS_VALID_SECONDS * 1000;
    this.update(snapshot);
    this.addDuePages();
  }

  /** Takes the server's newest seq, which its ping carries: no later message would reveal that the last one was lost. */
  noteLastSeq(lastSeq: number): void {
    this.highestSeq = Math.max(this.highestSeq, lastSeq);
    if (!this.areUrlsValid) this.requestRecovery();
    if (!this.isBehind() || this.cancelCheck) return;
    this.cancelCheck = this.clock.after(GAP_GRACE_SECONDS, () => {
      this.cancelCheck = null;
      if (this.isBehind()) this.requestRecovery();
    });
  }

  override clear(): void {
    this.log = null;
    this.earlyPages = [];
    super.clear();
  }

  override markStale(): void {
    this.isRecovering = false;
    this.cancelCheck?.();
    this.cancelCheck = null;
    super.markStale();
  }

  private onSubscribed(message: SubscribedToWorkflow): void {
    this.isRecovering = false;
    if (message.snapshot) this.reset(message.snapshot);
    else if (this.view.value) this.update(this.view.value);
    this.noteLastSeq(message.seq);
  }

  private receiveEvent(event: EventMessage): void {
    const { value } = this.view;
    if (!value || event.seq <= value.seq) return;
    if (event.seq === value.seq + 1) this.applyEvent(value, event);
    else this.requestRecovery();
  }

  private applyEvent(value: WorkflowSnapshot, event: EventMessage): void {
    if (this.log) this.log = { ...this.log, events: [...this.log.events, event] };
    this.update(applyMessage(value, event));
    if (this.earlyPages.length > 0) this.addDuePages();
  }

  private addDuePages(): void {
    const { value } = this.view;
    if (!value) return;
    const due = this.earlyPages.filter(({ seq }) => seq <= value.seq);
    this.earlyPages = this.earlyPages.filter(({ seq }) => seq > value.seq);
    if (due.length > 0) this.updateValueOnly(due.reduce(addTasks, value));
  }

  private receiveProgress(progress: ProgressMessage): void {
    const { value } = this.view;
    if (!value) return;
    this.update(applyMessage(value, progress));
    this.noteLastSeq(progress.seq);
  }

  /** Does not count as an update: a watcher who comes or goes is no sign of life of the worker. */
  private receiveWatchers(message: WatchersMessage): void {
    const { value } = this.view;
    if (value) this.updateValueOnly(applyMessage(value, message));
  }

  private get seq(): number | null {
    return this.view.value?.seq ?? null;
  }

  private get areUrlsValid(): boolean {
    return this.clock.now() < this.urlsValidUntil;
  }

  private isBehind(): boolean {
    return this.seq !== null && this.seq < this.highestSeq;
  }

  private requestRecovery(): void {
    if (this.isRecovering) return;
    this.isRecovering = true;
    this.recover();
  }
}
