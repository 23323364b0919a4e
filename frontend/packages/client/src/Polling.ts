/** HTTP polling in place of the socket, for the same rooms and messages. Runs while WebSockets are blocked. */

import type { Clock } from "./clock";
import { AgentRoom } from "./AgentRoom";
import { CoordinatorRoom } from "./CoordinatorRoom";
import type {
  AgentStatusBody,
  CoordinatorMetricsBody,
  EventsPage,
  WorkflowPage,
  WorkflowSnapshot,
} from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import type { Problem, Room } from "./Room";
import { WorkflowRoom } from "./WorkflowRoom";
import { WorkflowsRoom } from "./WorkflowsRoom";

/** The HTTP requests that polling needs; `Api`, usually. */
export interface PollingApi {
  /** Answers at once, whatever rooms there are. */
  me(signal: AbortSignal): Promise<unknown>;
  workflow(id: string, signal: AbortSignal): Promise<WorkflowSnapshot>;
  events(id: string, after: number, waitSeconds: number, signal: AbortSignal): Promise<EventsPage>;
  agents(signal: AbortSignal): Promise<AgentStatusBody[]>;
  workflows(filter: Record<string, never>, signal: AbortSignal): Promise<Pick<WorkflowPage, "results">>;
  coordinatorMetrics(signal: AbortSignal): Promise<CoordinatorMetricsBody>;
}

interface PollingEvents {
  /** A message of a room, after it has received it. */
  onMessage: (message: SingleMessage) => void;
  /** Whether the last request was answered, be it with a refusal. */
  onOutcome: (isWorking: boolean) => void;
  /** The server's refusal in a failed request; null for a failure that may pass. */
  refusalOf: (error: unknown) => Problem | null;
  /** For how many seconds the server asks us to wait; null when it does not say. */
  retryAfterOf: (error: unknown) => number | null;
}

const WAIT_SECONDS = 25;
const PAUSE_SECONDS = 5;
/** How often to test whether HTTP works at all; there may be no room to poll. */
const PROBE_SECONDS = 15;
/** Between two long polls of a room: events that come close together arrive in one answer. */
const LONG_POLL_PAUSE_SECONDS = 0.25;
/** Browsers open at most six connections to a server over HTTP/1.1; long polls must leave some for other requests. */
const MAX_LONG_POLLS = 3;
/** With many rooms, each is polled after as many seconds as there are rooms: 60 requests a minute, where the rate limit is 100. */
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

  /** Polls the room until `leave` or `stop`. `id` is a workflow's id, an agent's name or "*". */
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
    this.followed.get(room)?.abort(); // stays in the map, so that `follow` does not start it again
    return room.fail(problem);
  }

  /** Calls `ask` until aborted; it resolves with the seconds to pause before the next call. */
  private async repeat(
    ask: (signal: AbortSignal) => Promise<number>,
    onFailure: (problem: Problem | null) => void,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) await this.pause(await this.attempt(ask, onFailure, signal), signal);
  }

  private async attempt(
    ask: (signal: AbortSignal) => Promise<number>,
    onFailure: (problem: Problem | null) => void,
    signal: AbortSignal,
  ): Promise<number> {
    try {
      const seconds = await ask(signal);
      if (!signal.aborted) this.events.onOutcome(true);
      return seconds;
    } catch (error) {
      if (!signal.aborted) onFailure(this.reportFailure(error));
      return this.events.retryAfterOf(error) ?? PAUSE_SECONDS;
    }
  }

  private reportFailure(error: unknown): Problem | null {
    const problem = this.events.refusalOf(error);
    // A refusal is an answer, too: HTTP works.
    this.events.onOutcome(problem !== null || this.events.retryAfterOf(error) !== null);
    return problem;
  }

  private async ask(room: Room<unknown>, id: string, signal: AbortSignal): Promise<number> {
    if (room instanceof WorkflowRoom) return this.askWorkflow(room, id, signal);
    if (room instanceof AgentRoom) this.replaceAgents(room, id, await this.api.agents(signal), signal);
    if (room instanceof CoordinatorRoom) {
      const metrics = await this.api.coordinatorMetrics(signal);
      if (!signal.aborted) this.replaceMetrics(room, metrics);
    }
    if (room instanceof WorkflowsRoom) {
      const page = await this.api.workflows({}, signal);
      if (!signal.aborted) room.replace(page);
    }
    return PAUSE_SECONDS;
  }

  private replaceAgents(room: AgentRoom, id: string, agents: AgentStatusBody[], signal: AbortSignal): void {
    if (signal.aborted) return;
    const shown = agents.filter((agent) => id === "*" || agent.agent_name === id);
    room.replace(shown);
    shown.forEach((agent) => this.events.onMessage({ type: "agent_status", ...agent, merged: 0 }));
  }

  private replaceMetrics(room: CoordinatorRoom, metrics: CoordinatorMetricsBody): void {
    room.replace(metrics);
    const timestamp = new Date(this.clock.now()).toISOString();
    this.events.onMessage({ type: "coordinator_metrics", ...metrics, merged: 0, timestamp });
  }

  private async askWorkflow(room: WorkflowRoom, id: string, signal: AbortSignal): Promise<number> {
    if (room.since === null) {
      const snapshot = await this.api.workflow(id, signal);
      if (signal.aborted) return 0;
      room.reset(snapshot);
      this.events.onOutcome(true); // before the long poll, which may take long
    }
    const isLong = this.followed.size <= MAX_LONG_POLLS;
    // A stale room is polled without waiting, so that it is current again at once.
    const waitSeconds = isLong && room.view.isCurrent ? WAIT_SECONDS : 0;
    const page = await this.api.events(id, room.since ?? 0, waitSeconds, signal);
    if (!signal.aborted) await this.receivePage(room, id, page, signal);
    return isLong ? LONG_POLL_PAUSE_SECONDS : Math.max(PAUSE_SECONDS, this.followed.size * SECONDS_PER_ROOM);
  }

  private async receivePage(room: WorkflowRoom, id: string, page: EventsPage, signal: AbortSignal) {
    for (const message of [...page.events, page.progress]) {
      room.receive(message);
      this.events.onMessage(message);
    }
    // More events were missed than a page holds: start again from a snapshot.
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
