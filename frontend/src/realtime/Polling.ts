/** HTTP in place of the socket: the same messages, asked for. Runs while sockets do not get through. */

import type { Cancel, Clock } from "./clock";
import { AgentRoom, CoordinatorRoom } from "./LatestRooms";
import type { AgentStatusBody, CoordinatorMetricsBody, EventsPage, WorkflowSnapshot } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import type { Problem, Room } from "./Room";
import { WorkflowRoom } from "./WorkflowRoom";

/** What the polling asks; `api/Api` in the app. */
export interface PollingApi {
  workflow(id: string, signal: AbortSignal): Promise<WorkflowSnapshot>;
  events(id: string, after: number, waitSeconds: number, signal: AbortSignal): Promise<EventsPage>;
  agents(signal: AbortSignal): Promise<AgentStatusBody[]>;
  coordinatorMetrics(signal: AbortSignal): Promise<CoordinatorMetricsBody>;
}

interface PollingEvents {
  /** Messages of a workflow, beside their way into its room. */
  onMessage: (message: SingleMessage) => void;
  /** Whether the last request got through. */
  onOutcome: (isWorking: boolean) => void;
  /** What a failed request means for its room: a problem that stays, or null for one that may pass. */
  problemOf: (error: unknown) => Problem | null;
}

const WAIT_SECONDS = 25;
const PAUSE_SECONDS = 5;
/** Between long polls: several pieces of news become one answer. */
const BREATH_SECONDS = 0.25;
/** Browsers open six connections to a server; long polls must leave some for everything else. */
const LONG_POLLS_AT_MOST = 3;

export class Polling {
  private readonly api: PollingApi;
  private readonly clock: Clock;
  private readonly events: PollingEvents;
  private readonly followed = new Map<Room<unknown>, AbortController>();

  constructor(api: PollingApi, clock: Clock, events: PollingEvents) {
    this.api = api;
    this.clock = clock;
    this.events = events;
  }

  /** Follows the room until `leave` or `stop`. `id` is a workflow's id, an agent's name or "*". */
  follow(room: Room<unknown>, id: string): void {
    if (this.followed.has(room)) return;
    const controller = new AbortController();
    this.followed.set(room, controller);
    void this.repeat(room, id, controller.signal);
  }

  leave(room: Room<unknown>): void {
    this.followed.get(room)?.abort();
    this.followed.delete(room);
  }

  stop(): void {
    for (const room of this.followed.keys()) this.leave(room);
  }

  private async repeat(room: Room<unknown>, id: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseSeconds = await this.askOnce(room, id, signal);
      await this.pause(pauseSeconds, signal);
    }
  }

  /** Asks once. Returns how long to pause before the next time, in seconds. */
  private async askOnce(room: Room<unknown>, id: string, signal: AbortSignal): Promise<number> {
    try {
      const pauseSeconds = await this.ask(room, id, signal);
      if (!signal.aborted) this.events.onOutcome(true);
      return pauseSeconds;
    } catch (error) {
      if (!signal.aborted) this.failed(room, error);
      return PAUSE_SECONDS;
    }
  }

  private failed(room: Room<unknown>, error: unknown): void {
    const problem = this.events.problemOf(error);
    this.events.onOutcome(problem !== null); // a refusal is an answer: HTTP gets through
    if (problem) {
      this.followed.get(room)?.abort(); // but it stays in the list, so that it is not taken up again
      room.fail(problem);
    } else room.lose();
  }

  private async ask(room: Room<unknown>, id: string, signal: AbortSignal): Promise<number> {
    if (room instanceof WorkflowRoom) return this.askWorkflow(room, id, signal);
    if (room instanceof AgentRoom) this.hearAgents(room, id, await this.api.agents(signal), signal);
    if (room instanceof CoordinatorRoom) {
      const metrics = await this.api.coordinatorMetrics(signal);
      if (!signal.aborted) room.replace(metrics);
    }
    return PAUSE_SECONDS;
  }

  private hearAgents(room: AgentRoom, id: string, agents: AgentStatusBody[], signal: AbortSignal): void {
    if (!signal.aborted) room.replace(agents.filter((agent) => id === "*" || agent.agent_name === id));
  }

  private async askWorkflow(room: WorkflowRoom, id: string, signal: AbortSignal): Promise<number> {
    if (room.since === null) {
      const snapshot = await this.api.workflow(id, signal);
      if (signal.aborted) return 0;
      room.reset(snapshot);
      this.events.onOutcome(true); // the long poll may take its time
    }
    const isLong = this.followed.size <= LONG_POLLS_AT_MOST;
    // Whether it works again is to be known at once, not only when there is news.
    const waitSeconds = isLong && room.view.isCurrent ? WAIT_SECONDS : 0;
    const page = await this.api.events(id, room.since ?? 0, waitSeconds, signal);
    if (!signal.aborted) await this.hearPage(room, id, page, signal);
    return isLong ? BREATH_SECONDS : PAUSE_SECONDS;
  }

  private async hearPage(room: WorkflowRoom, id: string, page: EventsPage, signal: AbortSignal) {
    for (const message of [...page.events, page.progress]) {
      room.accept(message);
      this.events.onMessage(message);
    }
    // More was missed than a page holds: begin anew.
    if ((room.since ?? 0) < page.seq) room.reset(await this.api.workflow(id, signal));
  }

  private pause(seconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel: Cancel = this.clock.after(seconds, resolve);
      signal.addEventListener("abort", () => {
        cancel();
        resolve();
      });
    });
  }
}
