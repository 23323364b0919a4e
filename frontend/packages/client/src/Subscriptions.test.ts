import { describe, expect, it, vi } from "vitest";

import type { Connection } from "./Connection";
import { connect, advance } from "@/testing/testConnection";
import { errorMessage, METRICS, TIMESTAMP, type FakeServer } from "@/testing/FakeServer";
import { agent, task, workflow } from "@/testing/samples";

const idle = () => undefined;

async function watching(options: Parameters<typeof connect>[0] = {}) {
  const connected = connect(options);
  const stop = connected.connection.watch("workflow", "w1", idle);
  await advance(0.01);
  return { ...connected, stop };
}

function shown(connection: Connection) {
  return connection.view("workflow", "w1").value;
}

/** The workflow's ping-pong between two states, one event each. */
function recordMany(server: FakeServer, count: number): void {
  for (let turn = 0; turn < count; turn += 1) {
    server.record("w1", "stage_started", { stage: turn % 2 ? "Frames" : "Script" });
  }
}

describe("watching", () => {
  it("begins with a snapshot, and follows what happens", async () => {
    const { connection, server } = await watching();
    expect(shown(connection)).toEqual(server.snapshot("w1"));
    server.record("w1", "workflow_pausing", { mode: "drain", in_flight: [] });
    server.report("w1", { progress: 0.5, message: "Scene 2", tasks: { "scene/1": 0.5 } });
    expect(shown(connection)).toEqual(server.snapshot("w1"));
    expect(shown(connection)).toMatchObject({ state: "pausing", progress: 0.5, seq: 11 });
    expect(server.receivedOf("subscribe")).toHaveLength(1);
  });

  it("tells each listener of each change, until it stops", async () => {
    const { connection, server } = await watching();
    const [staying, leaving] = [vi.fn<() => void>(), vi.fn<() => void>()];
    connection.watch("workflow", "w1", staying);
    const leave = connection.watch("workflow", "w1", leaving);
    server.record("w1", "workflow_paused", {});
    leave();
    server.record("w1", "workflow_resumed", {});
    expect(staying).toHaveBeenCalledTimes(2);
    expect(leaving).toHaveBeenCalledTimes(1);
  });

  it("subscribes to a room once for all listeners, and unsubscribes shortly after the last has gone", async () => {
    const { connection, server, stop } = await watching();
    const stopOther = connection.watch("workflow", "w1", idle);
    stop();
    await advance(5);
    stopOther();
    await advance(1.9);
    expect(server.conversation).toEqual(["subscribe workflow:w1"]);
    await advance(0.2);
    expect(server.conversation).toEqual(["subscribe workflow:w1", "unsubscribe workflow:w1"]);
    expect(shown(connection)).toBeNull();
  });

  it("stays subscribed when a new listener comes at once", async () => {
    const { connection, server, stop } = await watching();
    stop();
    await advance(1);
    connection.watch("workflow", "w1", idle);
    await advance(10);
    expect(server.conversation).toEqual(["subscribe workflow:w1"]);
    expect(shown(connection)).not.toBeNull();
  });

  it("subscribes to rooms that were watched before there was a socket", async () => {
    const { connection, server } = connect({ prepare: (s) => (s.isSocketReachable = false) });
    connection.watch("workflow", "w1", idle);
    const leave = connection.watch("coordinator", "", idle);
    await advance(0.5);
    leave();
    server.isSocketReachable = true;
    await advance(3);
    expect(server.conversation).toEqual([
      "subscribe workflow:w1",
      "subscribe coordinator",
      "unsubscribe coordinator",
    ]);
  });

  it("knows when something was last heard of the workflow: a silent worker on a live connection", async () => {
    const { connection, server } = await watching();
    await advance(20);
    server.ping();
    expect(connection.view("workflow", "w1").lastUpdateAt).toBeLessThan(100);
    expect(connection.lastMessageAt).toBeGreaterThan(20_000);
    expect(connection.status().state).toBe("live");
  });
});

describe("the number of watchers", () => {
  it("includes this connection", async () => {
    const { connection, server } = await watching({ prepare: (s) => s.setOtherWatchers("w1", 2) });
    expect(shown(connection)?.watchers).toBe(3);
    server.setOtherWatchers("w1", 1);
    expect(shown(connection)?.watchers).toBe(2);
    expect(shown(connection)).toEqual(server.snapshot("w1"));
  });

  it("is no update of the workflow: a silent worker stays silent", async () => {
    const { connection, server } = await watching();
    await advance(20);
    server.setOtherWatchers("w1", 1);
    expect(shown(connection)?.watchers).toBe(2);
    expect(connection.view("workflow", "w1").lastUpdateAt).toBeLessThan(100);
  });

  it("is current again after a reconnect that missed nothing else", async () => {
    const { connection, server } = await watching({ prepare: (s) => s.setOtherWatchers("w1", 2) });
    server.close(1006);
    server.setOtherWatchers("w1", 5);
    await advance(1.1);
    expect(shown(connection)?.watchers).toBe(6);
    expect(connection.view("workflow", "w1").isCurrent).toBe(true);
  });

  it("does not make a room current before it is subscribed again", async () => {
    const { connection, server } = await watching();
    server.close(1006);
    server.isAnswering = false;
    await advance(1.1);
    server.sendAll({ type: "watchers", workflow_id: "w1", watchers: 4, merged: 0, timestamp: TIMESTAMP });
    expect(connection.view("workflow", "w1").isCurrent).toBe(false);
  });

  it("is ignored before there is a snapshot", async () => {
    const { connection, server } = connect({ prepare: (s) => (s.isAnswering = false) });
    connection.watch("workflow", "w1", idle);
    await advance(0.01);
    server.sendAll({ type: "watchers", workflow_id: "w1", watchers: 4, merged: 0, timestamp: TIMESTAMP });
    expect(shown(connection)).toBeNull();
  });
});

it("requests a new snapshot before the signed URLs of its artifacts expire", async () => {
  const { connection, server } = await watching();
  for (let minute = 0; minute < 110; minute += 1) {
    await advance(30);
    server.ping();
    await advance(30);
    server.ping();
  }
  expect(server.receivedOf("subscribe").map(({ since }) => since)).toEqual([undefined, undefined, undefined]);
  expect(shown(connection)).toEqual(server.snapshot("w1"));
});

describe("the order of events", () => {
  it("ignores what comes twice", async () => {
    const { connection, server } = await watching();
    const event = server.record("w1", "workflow_paused", {});
    const before = shown(connection);
    server.publish("workflow:w1", event);
    expect(shown(connection)).toBe(before);
  });

  it("unpacks a batch in its order", async () => {
    const { connection, server } = await watching();
    server.loses = (message) => message.type === "event";
    const events = [
      server.record("w1", "workflow_paused", {}),
      server.record("w1", "workflow_resumed", {}),
      server.record("w1", "workflow_pausing", { mode: "now", in_flight: [] }),
    ];
    server.loses = () => false;
    server.publish("workflow:w1", ...events);
    expect(shown(connection)).toMatchObject({ state: "pausing", seq: 13 });
    expect(server.receivedOf("subscribe")).toHaveLength(1);
  });

  it("requests what is missing once when it finds a gap", async () => {
    const { connection, server } = await watching();
    server.loses = (message) => message.type === "event" && message.seq === 11;
    server.record("w1", "workflow_paused", {});
    server.loses = () => false;
    server.isAnswering = false;
    server.record("w1", "workflow_resumed", {});
    server.record("w1", "workflow_paused", {});
    expect(shown(connection)?.seq).toBe(10);
    expect(server.receivedOf("subscribe")).toHaveLength(2);
    expect(server.receivedOf("subscribe")[1]).toMatchObject({ id: "w1", since: 10 });
    server.isAnswering = true;
    await advance(10); // no answer: it requests it again
    expect(shown(connection)).toEqual(server.snapshot("w1"));
    expect(server.receivedOf("subscribe")).toHaveLength(3);
  });

  it("notices by the server's ping that the last message was lost", async () => {
    const { connection, server } = await watching();
    server.loses = (message) => message.type === "event";
    server.record("w1", "workflow_paused", {});
    server.loses = () => false;
    server.ping();
    await advance(0.9);
    expect(shown(connection)?.state).toBe("running");
    await advance(0.2);
    expect(shown(connection)?.state).toBe("paused");
  });

  it("notices it by a later progress, too", async () => {
    const { connection, server } = await watching();
    server.loses = (message) => message.type === "event";
    server.record("w1", "workflow_paused", {});
    server.loses = () => false;
    server.report("w1", {});
    await advance(1.1);
    expect(server.receivedOf("subscribe")).toHaveLength(2);
    expect(shown(connection)?.seq).toBe(11);
  });

  it("waits before it counts an announced event as lost", async () => {
    const { server } = await watching();
    server.sendAll({
      type: "ping",
      tops: { "workflow:w1": 11, "workflow:other": 3, coordinator: 1 },
      timestamp: TIMESTAMP,
    });
    server.sendAll({ type: "ping", tops: { "workflow:w1": 11 }, timestamp: TIMESTAMP });
    await advance(0.5);
    server.record("w1", "workflow_paused", {});
    await advance(5);
    expect(server.receivedOf("subscribe")).toHaveLength(1);
  });
});

describe("a page of tasks", () => {
  const folded = { counts: { pending: 2, running: 1 }, steps: { clip: "make_clip" } };
  const stage = { name: "Clips", state: "running", progress: 0, tasks: [], folded } as const;
  const large = workflow({ stages: [{ ...stage, tasks: [] }] });

  function page(seq: number, ...keys: string[]) {
    return { tasks: keys.map((key) => ({ stage: "Clips", task: task(key) })), next: null, seq };
  }

  function shownKeys(connection: Connection) {
    return shown(connection)?.stages[0]?.tasks.map(({ key }) => key);
  }

  it("is added to a workflow at once", async () => {
    const { connection } = await watching({ prepare: (fake) => fake.addWorkflow(large) });
    connection.addTasks("w1", page(10, "clip/1.2", "clip/1.1"));
    expect(shownKeys(connection)).toEqual(["clip/1.1", "clip/1.2"]);
  });

  it("waits for the events that it is ahead of, so that each counts once", async () => {
    const { connection, server } = await watching({ prepare: (fake) => fake.addWorkflow(large) });
    connection.addTasks("w1", page(11, "clip/1.1"));
    expect(shownKeys(connection)).toEqual([]);
    server.record("w1", "task_started", { task: "clip/1.1", agent: "a", attempt: 1, started_at: TIMESTAMP });
    expect(shownKeys(connection)).toEqual(["clip/1.1"]);
    expect(shown(connection)?.stages[0]).toMatchObject({
      tasks: [{ state: "running" }],
      folded: { counts: { pending: 1, running: 2 } },
    });
  });

  it("is ignored when the workflow is not watched", async () => {
    const { connection } = await watching();
    expect(() => connection.addTasks("w2", page(1, "clip/1.1"))).not.toThrow();
  });
});

describe("coming back", () => {
  it("is replayed what it missed, without a hole or a duplicate", async () => {
    const { connection, server } = await watching();
    server.close(1006);
    expect(connection.view("workflow", "w1").isCurrent).toBe(false);
    recordMany(server, 500);
    server.report("w1", { progress: 0.75 });
    await advance(1.1);
    expect(server.receivedOf("subscribe")[1]).toMatchObject({ since: 10 });
    expect(shown(connection)).toEqual(server.snapshot("w1"));
    expect(shown(connection)).toMatchObject({ seq: 510, progress: 0.75 });
    expect(connection.view("workflow", "w1").isCurrent).toBe(true);
  });

  it("takes a snapshot when too much was missed", async () => {
    const { connection, server } = await watching();
    server.close(1006);
    recordMany(server, 1001);
    await advance(1.1);
    expect(shown(connection)).toEqual(server.snapshot("w1"));
    expect(shown(connection)?.seq).toBe(1011);
  });

  it("asks again when the replay itself lost its end", async () => {
    const { connection, server } = await watching();
    server.close(1006);
    recordMany(server, 3);
    server.loses = (message) => message.type === "event" && message.seq === 13;
    await advance(1.1);
    server.loses = () => false;
    expect(shown(connection)?.seq).toBe(12);
    await advance(2);
    expect(shown(connection)?.seq).toBe(13);
  });

  it("does not check for lost events after the connection is lost", async () => {
    const { server } = await watching();
    server.sendAll({ type: "ping", tops: { "workflow:w1": 99 }, timestamp: TIMESTAMP });
    server.isSocketReachable = false;
    server.close(1006);
    await advance(5);
    expect(server.receivedOf("subscribe")).toHaveLength(1);
  });

  it("shows nothing of one user to the next", async () => {
    const { connection, server, tokens } = await watching();
    tokens.become("bob");
    expect(shown(connection)).toBeNull();
    await advance(0.1);
    expect(server.receivedOf("subscribe").map(({ since }) => since)).toEqual([undefined, undefined]);
  });
});

describe("refusals", () => {
  it("says that a room does not exist, and does not ask again on the same connection", async () => {
    const { connection, server } = connect();
    connection.watch("workflow", "unknown", idle);
    await advance(60);
    expect(connection.view("workflow", "unknown").problem).toEqual({
      type: "TargetNotFound",
      message: "It is TargetNotFound.",
    });
    expect(server.receivedOf("subscribe")).toHaveLength(1);
  });

  it("asks again when the server said later", async () => {
    const { connection, server } = connect();
    await advance(0.01);
    server.isAnswering = false;
    connection.watch("workflow", "w1", idle);
    const ref = server.receivedOf("subscribe")[0]?.ref ?? null;
    server.sendAll(errorMessage("RateLimitExceeded", { ref, retryable: true, retry_after: 3 }));
    server.isAnswering = true;
    await advance(2.9);
    expect(server.receivedOf("subscribe")).toHaveLength(1);
    await advance(0.2);
    expect(shown(connection)).not.toBeNull();
  });

  it("asks again after a while when the server did not say when", async () => {
    const { connection, server } = connect();
    await advance(0.01);
    server.isAnswering = false;
    connection.watch("workflow", "w1", idle);
    const ref = server.receivedOf("subscribe")[0]?.ref ?? null;
    server.sendAll(errorMessage("InternalError", { ref, retryable: true }));
    server.isAnswering = true;
    await advance(10.1);
    expect(shown(connection)).not.toBeNull();
  });

  it("ignores errors that belong to no room", async () => {
    const { connection, server } = await watching();
    server.sendAll(errorMessage("InvalidMessage"), errorMessage("InvalidMessage", { ref: "unknown" }));
    expect(connection.view("workflow", "w1").problem).toBeNull();
  });

  it("clears the rooms that a new token has no permission for", async () => {
    const { connection, server } = await watching();
    const revoked = [
      { target: "workflow", id: "w1" } as const,
      { target: "agent", id: "*" } as const, // nobody watches it
    ];
    server.sendAll({
      type: "authenticated",
      token_expires_at: TIMESTAMP,
      revoked,
      ref: null,
      timestamp: TIMESTAMP,
    });
    expect(connection.view("workflow", "w1")).toMatchObject({
      value: null,
      isCurrent: false,
      problem: { type: "PermissionDenied" },
    });
  });

  it("subscribes to a room that was refused for the limit when another one is closed", async () => {
    const prepare = (server: FakeServer) => {
      server.subscriptionLimit = 2;
      server.addWorkflow(workflow({ id: "w2" }));
      server.addWorkflow(workflow({ id: "w3" }));
    };
    const { connection, server, stop } = await watching({ prepare });
    connection.watch("workflow", "w2", idle);
    connection.watch("workflow", "w3", idle);
    expect(connection.view("workflow", "w3").problem?.type).toBe("SubscriptionLimitExceeded");
    stop();
    await advance(2.1);
    expect(connection.view("workflow", "w3")).toMatchObject({ problem: null, value: { id: "w3" } });
    expect(server.conversation.at(-1)).toBe("subscribe workflow:w3");
  });

  it("closes rooms without listeners before it exceeds the limit", async () => {
    const prepare = (server: FakeServer) => {
      server.subscriptionLimit = 1;
      server.addWorkflow(workflow({ id: "w2" }));
    };
    const { connection, stop } = await watching({ prepare });
    stop();
    connection.watch("workflow", "w2", idle);
    expect(connection.view("workflow", "w2")).toMatchObject({ problem: null, value: { id: "w2" } });
  });
});

describe("agents and the coordinator", () => {
  const [writer, editor] = [agent("screenwriter"), agent("video_editor")];

  it("keeps the newest status of each agent", async () => {
    const { connection, server } = connect({ prepare: (s) => s.agents.push(writer, editor) });
    connection.watch("agent", "*", idle);
    connection.watch("agent", "screenwriter", idle);
    await advance(0.01);
    expect(connection.view("agent", "*").value).toEqual({ screenwriter: writer, video_editor: editor });
    const busy = {
      type: "agent_status",
      ...writer,
      status: "busy",
      merged: 0,
      timestamp: TIMESTAMP,
    } as const;
    server.sendAll(busy);
    expect(connection.view("agent", "*").value).toMatchObject({
      screenwriter: { status: "busy" },
      video_editor: { status: "idle" },
    });
    expect(connection.view("agent", "screenwriter").value?.["screenwriter"]?.status).toBe("busy");
  });

  it("shows the coordinator's newest metrics", async () => {
    const { connection, server } = connect();
    connection.watch("coordinator", "", idle);
    await advance(0.01);
    expect(connection.view("coordinator", "").value).toEqual(METRICS);
    const newer = {
      type: "coordinator_metrics",
      ...METRICS,
      active_workflows: 4,
      merged: 0,
      timestamp: TIMESTAMP,
    } as const;
    server.publish("coordinator", newer);
    expect(connection.view("coordinator", "").value?.active_workflows).toBe(4);
  });
});
