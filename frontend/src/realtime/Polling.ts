/** HTTP in place of the socket: the same messages, asked for. Runs while sockets do not get through. */

import type { Clock } from "./clock";
import { AgentRoom } from "./AgentRoom";
import { CoordinatorRoom } from "./CoordinatorRoom";
import type { AgentStatusBody, CoordinatorMetricsBody, EventsPage, WorkflowSnapshot } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import type { Problem, Room } from "./Room";
import { WorkflowRoom } from "./WorkflowRoom";

/** What the polling asks; `api/Api` in the app. */
export interface PollingApi {
  /** Anything that answers at once. */
  me(signal: AbortSignal): Promise<unknown>;
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
  refusalOf: (error: unknown) => Problem | null;
  /** For how many seconds the server asks us to wait; null when it does not. */
  retryAfterOf: (error: unknown) => number | null;
}

const WAIT_SECONDS = 25;
const PAUSE_SECONDS = 5;
/** How often to find out whether HTTP gets through at all; there may be no room to ask for. */
const PROBE_SECONDS = 15;
/** Between long polls: several pieces of news become one answer. */
const BREATH_SECONDS = 0.25;
/** Browsers open six connections to a server; long polls must leave some for everything else. */
const LONG_POLLS_AT_MOST = 3;
/** Many rooms take turns: together they ask 60 times a minute, where 100 are allowed to all pages of a person. */
const SECONDS_PER_ROOM = 1;

export class Polling {
  private readonly api: PollingApi;
  private readonly clock: Clock;
  private readonly events: PollingEvents;
  private probe: AbortController | null = null;
  private readonly followed = new Map<Room<unknown>, AbortController>();

  constructor(api: PollingApi, clock: Clock, events: PollingEvents) {
    this.api = api;
    this.clock = clock;
    this.events = events;
  }

  start(): void {
    if (this.probe) return;
    this.probe = new AbortController();
    const ask = async (signal: AbortSignal) => {
      await this.api.me(signal);
      return PROBE_SECONDS;
    };
    void this.repeat(ask, () => undefined, this.probe.signal);
  }

  stop(): void {
    this.probe?.abort();
    this.probe = null;
    for (const room of this.followed.keys()) this.leave(room);
  }

  /** Follows the room until `leave` or `stop`. `id` is a workflow's id, an agent's name or "*". */
  follow(room: Room<unknown>, id: string): void {
    if (this.followed.has(room)) return;
    const controller = new AbortController();
    this.followed.set(room, controller);
    const ask = (signal: AbortSignal) => this.ask(room, id, signal);
    void this.repeat(ask, (problem) => this.failed(room, problem), controller.signal);
  }

  leave(room: Room<unknown>): void {
    this.followed.get(room)?.abort();
    this.followed.delete(room);
  }

  private failed(room: Room<unknown>, problem: Problem | null): void {
    if (!problem) return room.markStale();
    this.followed.get(room)?.abort(); // but it stays in the list, so that it is not taken up again
    return room.fail(problem);
  }

  /** Asks again and again; `ask` says how long to pause before the next time, in seconds. */
  private async repeat(
    ask: (signal: AbortSignal) => Promise<number>,
    onFailure: (problem: Problem | null) => void,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) await this.pause(await this.turn(ask, onFailure, signal), signal);
  }

  private async turn(
    ask: (signal: AbortSignal) => Promise<number>,
    onFailure: (problem: Problem | null) => void,
    signal: AbortSignal,
  ): Promise<number> {
    try {
      const seconds = await ask(signal);
      if (!signal.aborted) this.events.onOutcome(true);
      return seconds;
    } catch (error) {
      if (!signal.aborted) onFailure(this.judge(error));
      return this.events.retryAfterOf(error) ?? PAUSE_SECONDS;
    }
  }

  private judge(error: unknown): Problem | null {
    const problem = this.events.refusalOf(error);
    // A refusal is an answer: HTTP gets through.
    this.events.onOutcome(problem !== null || this.events.retryAfterOf(error) !== null);
    return problem;
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
    return isLong ? BREATH_SECONDS : Math.max(PAUSE_SECONDS, this.followed.size * SECONDS_PER_ROOM);
  }

  private async hearPage(room: WorkflowRoom, id: string, page: EventsPage, signal: AbortSignal) {
    for (const message of [...page.events, page.progress]) {
      room.receive(message);
      this.events.onMessage(message);
    }
    // More was missed than a page holds: begin anew.
    if ((room.since ?? 0) < page.seq) room.reset(await this.api.workflow(id, signal));
  }

  private pause(seconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const cancel = this.clock.after(seconds, end);
      signal.addEventListener("abort", end);
    });
  }
}
