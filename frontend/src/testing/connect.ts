/** A Connection to a FakeServer, in a world whose time, chance, network and tokens a test holds in its hands. */

import { onTestFinished, vi } from "vitest";

import { ApiError, refusalOf, retryAfterOf } from "@/shared/api/ApiError";
import { Connection } from "@/realtime/Connection";
import type { TokenSource } from "@/realtime/TokenSource";
import type { BrowserEnvironment } from "@/realtime/browserEnvironment";
import { FakeServer } from "./FakeServer";
import { workflow } from "./samples";

class FakeTokenSource implements TokenSource {
  person: string | null = "alice";
  renewals = 0;
  /** What the next renewals come to; then they succeed. */
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
  private readonly onNetwork = new Set<() => void>();
  private readonly onVisible = new Set<() => void>();

  readonly isOnline = () => this.hasNetwork;
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

interface World {
  random?: () => number;
  /** What to change before the connection starts. */
  prepare?: (server: FakeServer, tokens: FakeTokenSource) => void;
}

/** A server with the workflow w1, and a connection to it that runs as long as the test, on fake time. Chance always waits for the full ceiling. */
export function connect(given: World = {}) {
  vi.useFakeTimers({ now: 0 });
  const world = createWorld(given);
  onTestFinished(world.connection.start());
  return world;
}

/** The same on the test's own time; not started yet. */
export function createWorld({ random = () => 1, prepare }: World = {}) {
  const server = new FakeServer();
  const tokens = new FakeTokenSource();
  const environment = new FakeBrowserEnvironment();
  server.addWorkflow(workflow());
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
  });
  return { server, tokens, environment, connection };
}

/** Lets so many seconds pass, and everything happen that they bring. */
export async function pass(seconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(Math.round(seconds * 1000));
}
