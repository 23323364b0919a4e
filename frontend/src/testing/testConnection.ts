/** A Connection to a FakeServer, with time, randomness, network and tokens under the test's control. */

import { onTestFinished, vi } from "vitest";

import {
  ApiError,
  Connection,
  refusalOf,
  retryAfterOf,
  SharedSocket,
  wallClock,
  type BrowserEnvironment,
  type Tabs,
  type TokenSource,
} from "@callboard/client";
import { FakeServer } from "./FakeServer";
import { workflow } from "./samples";

class FakeTokenSource implements TokenSource {
  person: string | null = "alice";
  renewals = 0;
  /** How the next renewals fail, in order; after these they succeed. */
  readonly failures: ("unreachable" | "signed_out")[] = [];
  private readonly listeners = new Set<() => void>();

  readonly subject = () => this.person;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly token = async () => `token-${this.renewals}`;

  readonly renew = async () => {
    const failure = this.failures.shift();
    if (failure === "unreachable") throw ApiError.unreachable();
    if (failure === "signed_out") return this.signOutAndThrow();
    this.renewals += 1;
    return `token-${this.renewals}`;
  };

  become(person: string | null): void {
    this.person = person;
    this.listeners.forEach((listener) => listener());
  }

  private signOutAndThrow(): never {
    this.become(null);
    throw ApiError.signedOut();
  }
}

class FakeBrowserEnvironment implements BrowserEnvironment {
  hasNetwork = true;
  isSeen = true;
  private readonly onNetwork = new Set<() => void>();
  private readonly onVisible = new Set<() => void>();

  readonly isOnline = () => this.hasNetwork;
  readonly isVisible = () => this.isSeen;
  readonly whenNetworkChanges = (listener: () => void) => {
    this.onNetwork.add(listener);
    return () => this.onNetwork.delete(listener);
  };
  readonly whenVisible = (listener: () => void) => {
    this.onVisible.add(listener);
    return () => this.onVisible.delete(listener);
  };

  setNetwork(hasNetwork: boolean): void {
    this.hasNetwork = hasNetwork;
    this.onNetwork.forEach((listener) => listener());
  }

  show(): void {
    this.onVisible.forEach((listener) => listener());
  }
}

interface TestConnectionOptions {
  random?: () => number;
  /** A server that there is already; else a new one. */
  server?: FakeServer;
  /** The tab in which it is, whose socket it may share with others. */
  tab?: Tabs;
  /** What to change before the connection starts. */
  prepare?: (server: FakeServer, tokens: FakeTokenSource) => void;
}

/** A server with the workflow w1 and a started connection to it, on fake timers; stopped at the end of the test. Without `random`, each backoff waits for its full ceiling. */
export function connect(given: TestConnectionOptions = {}) {
  vi.useFakeTimers({ now: 0 });
  const connected = createTestConnection(given);
  onTestFinished(connected.connection.start());
  return connected;
}

/** The same on real timers, not started. */
export function createTestConnection({
  random = () => 1,
  server = aServer(),
  tab,
  prepare,
}: TestConnectionOptions = {}) {
  const tokens = new FakeTokenSource();
  const environment = new FakeBrowserEnvironment();
  prepare?.(server, tokens);
  const { open, api } = server;
  const connection = new Connection({
    tokens,
    api,
    refusalOf,
    retryAfterOf,
    open,
    environment,
    random,
    url: () => "ws://test/ws/",
    sharing: tab ? new SharedSocket({ tabs: tab, open, clock: wallClock }) : null,
  });
  return { server, tokens, environment, connection };
}

/** A server with the workflow w1. */
export function aServer(): FakeServer {
  const server = new FakeServer();
  server.addWorkflow(workflow());
  return server;
}

/** Advances the fake timers by so many seconds, and runs what is due. */
export async function advance(seconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(Math.round(seconds * 1000));
}
