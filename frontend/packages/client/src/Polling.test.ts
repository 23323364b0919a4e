import { describe, expect, it } from "vitest";

import { connect, advance } from "@/testing/testConnection";
import { METRICS, type FakeServer } from "@/testing/FakeServer";
import { agent, workflow } from "@/testing/samples";

const idle = () => undefined;
function blocked(prepare: (server: FakeServer) => void = idle) {
  return connect({
    prepare: (server) => {
      server.isSocketReachable = false;
      prepare(server);
    },
  });
}

async function polling(prepare?: (server: FakeServer) => void) {
  const connected = blocked(prepare);
  await advance(15.1); // sockets are tried every 16, then every 30 s from now on
  return connected;
}

describe("where sockets are blocked", () => {
  it("shows the snapshot at once when the first attempt fails, and polls", async () => {
    const { connection, server } = blocked();
    connection.watch("workflow", "w1", idle);
    await advance(0.01);
    expect(connection.status()).toMatchObject({ state: "polling", retryAt: expect.any(Number) });
    expect(server.httpRequests).toEqual(["workflow w1", "events w1 after 10 wait 25"]);
    expect(connection.view("workflow", "w1")).toMatchObject({
      value: server.snapshot("w1"),
      isCurrent: true,
    });
  });

  it("polls as soon as there has been no socket for 2 s, not before", async () => {
    const { connection, server } = connect();
    connection.watch("workflow", "w1", idle);
    await advance(1);
    server.isSocketReachable = false;
    server.close(1006);
    await advance(1.9);
    expect(connection.status().state).toBe("reconnecting");
    expect(server.httpRequests).toEqual([]);
    await advance(0.2);
    expect(connection.status().state).toBe("polling");
    expect(connection.view("workflow", "w1").isCurrent).toBe(true);
  });

  it("polls within 3 s where a socket opens and nothing comes out of it", async () => {
    const { connection, server } = connect({ prepare: (s) => (s.sendsWelcome = false) });
    connection.watch("workflow", "w1", idle);
    await advance(1.9);
    expect(connection.status().state).toBe("connecting");
    await advance(1);
    expect(connection.status().state).toBe("polling");
    expect(connection.view("workflow", "w1").value).toEqual(server.snapshot("w1"));
  });

  it("shows what happens as soon as it happens", async () => {
    const { connection, server } = await polling();
    connection.watch("workflow", "w1", idle);
    await advance(1);
    server.record("w1", "workflow_paused", {});
    await advance(0.01);
    expect(connection.view("workflow", "w1").value).toMatchObject({ state: "paused", seq: 11 });
    server.report("w1", { progress: 0.5 });
    server.record("w1", "workflow_resumed", {});
    await advance(0.3);
    expect(connection.view("workflow", "w1").value).toEqual(server.snapshot("w1"));
    expect(connection.lastMessageAt).toBeGreaterThan(16_000);
  });

  it("has the state polling only while HTTP works, also without any room", async () => {
    const { connection, server } = await polling();
    expect(connection.status().state).toBe("polling");
    server.isHttpReachable = false;
    await advance(15);
    expect(connection.status().state).toBe("reconnecting");
    server.isHttpReachable = true;
    await advance(5);
    expect(connection.status().state).toBe("polling");
    expect(server.httpRequests).toEqual([]);
  });

  it("continues from the last seq of the socket", async () => {
    const { connection, server } = connect();
    connection.watch("workflow", "w1", idle);
    await advance(1);
    server.isSocketReachable = false;
    server.close(1006);
    server.record("w1", "workflow_paused", {});
    await advance(3);
    expect(connection.view("workflow", "w1").value?.state).toBe("paused");
    expect(server.httpRequests).toEqual(["events w1 after 10 wait 0", "events w1 after 11 wait 25"]);
  });

  it("tries a socket every 30 s, and stops polling when it is welcome", async () => {
    const { connection, server } = await polling();
    connection.watch("workflow", "w1", idle);
    await advance(16 + 29);
    const attempts = server.tokens.length;
    server.isSocketReachable = true;
    await advance(1.2);
    expect(server.tokens).toHaveLength(attempts + 1);
    expect(connection.status().state).toBe("live");
    const requests = server.httpRequests.length;
    await advance(60);
    server.record("w1", "workflow_paused", {});
    await advance(60);
    expect(server.httpRequests).toHaveLength(requests);
    expect(connection.view("workflow", "w1").value?.state).toBe("paused");
  });

  it("asks for the agents and the coordinator every 5 s", async () => {
    const { connection, server } = await polling((s) =>
      s.agents.push(agent("screenwriter"), agent("video_editor")),
    );
    connection.watch("agent", "*", idle);
    connection.watch("agent", "video_editor", idle);
    connection.watch("coordinator", "", idle);
    await advance(11);
    expect(server.httpRequests.filter((request) => request === "coordinator")).toHaveLength(3);
    expect(Object.keys(connection.view("agent", "*").value ?? {})).toEqual(["screenwriter", "video_editor"]);
    expect(Object.keys(connection.view("agent", "video_editor").value ?? {})).toEqual(["video_editor"]);
    expect(connection.view("coordinator", "").value).toEqual(METRICS);
  });

  it("leaves the browser connections for everything else: many workflows are not long-polled", async () => {
    const ids = ["w1", "w2", "w3", "w4"];
    const { connection, server } = await polling((s) =>
      ids.slice(1).forEach((id) => s.addWorkflow(workflow({ id }))),
    );
    ids.forEach((id) => connection.watch("workflow", id, idle));
    await advance(6);
    expect(server.httpRequests.filter((request) => request.startsWith("events w4"))).toEqual([
      "events w4 after 10 wait 0",
      "events w4 after 10 wait 0",
    ]);
  });

  it("stays below the rate limit, however many workflows there are", async () => {
    const ids = Array.from({ length: 15 }, (_, index) => `w${index + 1}`);
    const { connection, server } = await polling((s) =>
      ids.slice(1).forEach((id) => s.addWorkflow(workflow({ id }))),
    );
    ids.forEach((id) => connection.watch("workflow", id, idle));
    await advance(1);
    const requests = server.httpRequests.length;
    await advance(60);
    expect(server.httpRequests.length - requests).toBe(60);
  });

  it("stops polling a room without listeners", async () => {
    const { connection, server } = await polling();
    const leave = connection.watch("workflow", "w1", idle);
    await advance(1);
    leave();
    await advance(60);
    expect(server.httpRequests).toEqual(["workflow w1", "events w1 after 10 wait 25"]);
  });

  it("starts again from a snapshot when more was missed than one answer holds", async () => {
    const { connection, server } = await polling();
    connection.watch("workflow", "w1", idle);
    await advance(1);
    server.firstEventInPages = 13;
    for (let turn = 0; turn < 4; turn += 1) server.record("w1", "workflow_paused", {});
    await advance(0.5);
    expect(connection.view("workflow", "w1").value).toEqual(server.snapshot("w1"));
    expect(server.httpRequests.filter((request) => request === "workflow w1")).toHaveLength(2);
  });
});

describe("where HTTP fails, too", () => {
  it("waits for the Retry-After of a 429", async () => {
    const { connection, server } = await polling();
    connection.watch("workflow", "w1", idle);
    await advance(1);
    server.busySeconds = 12;
    server.record("w1", "workflow_paused", {});
    await advance(0.3); // the long poll was answered; the next one is refused
    const requests = server.httpRequests.length;
    server.busySeconds = null;
    server.record("w1", "workflow_resumed", {});
    await advance(11.5);
    expect(server.httpRequests).toHaveLength(requests);
    expect(connection.status().state).toBe("polling");
    expect(connection.view("workflow", "w1").isCurrent).toBe(false);
    await advance(0.7);
    expect(connection.view("workflow", "w1")).toMatchObject({
      isCurrent: true,
      value: server.snapshot("w1"),
    });
  });

  it("does not have the state polling, and retries every 5 s", async () => {
    const { connection, server, environment } = await polling((s) => (s.isHttpReachable = false));
    connection.watch("workflow", "w1", idle);
    await advance(11);
    expect(connection.status().state).toBe("reconnecting");
    expect(server.httpRequests).toHaveLength(3);
    environment.setNetwork(false);
    expect(connection.status().state).toBe("offline");
    server.isHttpReachable = true;
    await advance(5);
    expect(connection.status().state).toBe("polling");
    expect(connection.view("workflow", "w1").isCurrent).toBe(true);
  });

  it("marks the room as stale", async () => {
    const { connection, server } = await polling();
    connection.watch("workflow", "w1", idle);
    await advance(1);
    server.isHttpReachable = false;
    await advance(26);
    expect(connection.view("workflow", "w1")).toMatchObject({ isCurrent: false, value: { id: "w1" } });
  });

  it("does not poll a room that does not exist again", async () => {
    const { connection, server } = await polling();
    connection.watch("workflow", "unknown", idle);
    await advance(60);
    expect(server.httpRequests).toEqual(["workflow unknown"]);
    expect(connection.view("workflow", "unknown").problem?.type).toBe("NotFound");
    expect(connection.status().state).toBe("polling");
  });

  it("stops when the person signs out", async () => {
    const { connection, server, tokens } = await polling();
    connection.watch("workflow", "w1", idle);
    await advance(1);
    tokens.become(null);
    const requests = server.httpRequests.length;
    await advance(60);
    expect(server.httpRequests).toHaveLength(requests);
  });
});
