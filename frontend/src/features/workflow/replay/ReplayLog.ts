/** A workflow as it was at any moment: folded from its beginning and its log, by the rules that a live page follows. */
import { applyMessage, type EventMessage, type WorkflowSnapshot } from "@callboard/client";

/** So many events at most are applied for one moment, once the log has been folded. */
const KEPT_EVERY = 200;

export class ReplayLog {
  /** After 0, KEPT_EVERY, 2 * KEPT_EVERY … events. They share what has not changed between them. */
  private readonly kept: WorkflowSnapshot[];
  private last: WorkflowSnapshot;

  /** `beginning`: the snapshot at seq 0. */
  constructor(beginning: WorkflowSnapshot) {
    this.kept = [beginning];
    this.last = beginning;
  }

  /** The snapshot after event `seq` of `events`, which are all from the first on. */
  at(seq: number, events: readonly EventMessage[]): WorkflowSnapshot {
    let snapshot = this.nearest(seq);
    for (const event of events.slice(snapshot.seq, seq)) {
      snapshot = applyMessage(snapshot, event);
      if (event.seq === this.kept.length * KEPT_EVERY) this.kept.push(snapshot);
    }
    this.last = snapshot;
    return snapshot;
  }

  private nearest(seq: number): WorkflowSnapshot {
    const kept = this.kept[Math.min(Math.floor(seq / KEPT_EVERY), this.kept.length - 1)] ?? this.last;
    return this.last.seq <= seq && this.last.seq > kept.seq ? this.last : kept;
  }
}
