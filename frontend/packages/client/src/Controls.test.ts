import { describe, expect, it } from "vitest";

import type { ControlCall } from "./Controls";
import type { Action, Outcome } from "./messages.gen";
import { connect, advance } from "@/testing/testConnection";
import { errorMessage, TIMESTAMP, type FakeServer } from "@/testing/FakeServer";

/** What has become of a call so far. */
function follow(call: ControlCall) {
  const known: { ack?: unknown; result?: unknown } = {};
  void call.ack.then((ack) => (known.ack = ack));
  void call.result.then((result) => (known.result = result));
  return known;
}

async function live() {
  const connected = connect();
  await advance(0.01);
  return connected;
}

function controlResult(requestId: string, outcome: Outcome, action: Action = "pause") {
  const body = {
    request_id: requestId,
    workflow_id: "w1",
    action,
    outcome,
    state: "paused",
    seq: 11,
  } as const;
  return { type: "control_result", ...body, by: "alice", reason: "", timestamp: TIMESTAMP } as const;
}

function resolved(server: FakeServer, requestId: string): void {
  const body = {
    request_id: requestId,
    action: "pause",
    outcome: "applied",
    state: "paused",
    by: "alice",
  } as const;
  server.record("w1", "control_resolved", { ...body, reason: "" });
}

const pause = { workflowId: "w1", action: "pause" } as const;

describe("an action", () => {
  it("is acknowledged at once, and resolved when it has taken effect", async () => {
    const { connection, server } = await live();
    const call = connection.control({ ...pause, mode: "now" });
    const known = follow(call);
    await advance(60);
    expect(server.receivedOf("control")).toEqual([
      {
        type: "control",
        action: "pause",
        workflow_id: "w1",
        mode: "now",
        request_id: call.requestId,
        ref: call.requestId,
      },
    ]);
    expect(known).toEqual({ ack: { status: "accepted", reason: "" } });
    server.publish("workflow:w1", controlResult(call.requestId, "applied"));
    await advance(0);
    expect(known.result).toEqual({ outcome: "applied", reason: "" });
  });

  it("watches the workflow until it is resolved, and no longer", async () => {
    const { connection, server } = await live();
    const call = connection.control(pause);
    await advance(30);
    expect(server.conversation).toEqual(["control", "subscribe workflow:w1"].toSorted().toReversed());
    server.publish("workflow:w1", controlResult(call.requestId, "no_op"));
    await advance(3);
    expect(server.conversation.at(-1)).toBe("unsubscribe workflow:w1");
  });

  it("tells requests apart", async () => {
    const { connection, server } = await live();
    const [first, second] = [connection.control(pause), connection.control({ ...pause, action: "cancel" })];
    const [knownFirst, knownSecond] = [follow(first), follow(second)];
    server.publish(
      "workflow:w1",
      controlResult(first.requestId, "superseded"),
      controlResult("somebody else's", "applied"),
    );
    await advance(0);
    expect(knownFirst.result).toEqual({ outcome: "superseded", reason: "" });
    expect(knownSecond.result).toBeUndefined();
  });

  it("says why it was rejected", async () => {
    const { connection, server } = await live();
    server.isAnswering = false;
    const { requestId, result } = connection.control({ ...pause, action: "resume" });
    const body = { request_id: requestId, workflow_id: "w1", action: "resume", ref: requestId } as const;
    server.sendAll({
      type: "control_ack",
      ...body,
      status: "rejected",
      reason: "It is over.",
      timestamp: TIMESTAMP,
    });
    expect(await result).toEqual({ outcome: "rejected", reason: "It is over." });
  });

  it("is rejected when the server answers with an error", async () => {
    const { connection, server } = await live();
    server.isAnswering = false;
    const { requestId, ack, result } = connection.control(pause);
    server.sendAll(
      errorMessage("TargetNotFound", { ref: requestId }),
      errorMessage("InternalError", { ref: "other" }),
    );
    expect(await ack).toEqual({ status: "rejected", reason: "It is TargetNotFound." });
    expect(await result).toEqual({ outcome: "rejected", reason: "It is TargetNotFound." });
  });

  it("is sent again when the server asks to retry later", async () => {
    const { connection, server } = await live();
    server.isAnswering = false;
    const { requestId } = connection.control(pause);
    server.sendAll(errorMessage("RateLimitExceeded", { ref: requestId, retryable: true, retry_after: 4 }));
    server.isAnswering = true;
    await advance(3.9);
    expect(server.receivedOf("control")).toHaveLength(1);
    await advance(0.2);
    expect(server.receivedOf("control").map(({ request_id }) => request_id)).toEqual([requestId, requestId]);
  });

  it("is sent again after 10 s when there is no Retry-After", async () => {
    const { connection, server } = await live();
    server.isAnswering = false;
    const { requestId } = connection.control(pause);
    await advance(5);
    server.sendAll(errorMessage("InternalError", { ref: requestId, retryable: true }));
    server.isAnswering = true;
    await advance(10.1);
    expect(server.receivedOf("control")).toHaveLength(2);
  });

  it("is sent again when its ack does not come", async () => {
    const { connection, server } = await live();
    server.loses = ({ type }) => type === "control_ack";
    connection.control(pause);
    await advance(10.1);
    expect(server.receivedOf("control")).toHaveLength(2);
  });
});

describe("while the line is down", () => {
  const NOT_SENT = { outcome: "not_sent", reason: "" };

  async function down() {
    const connected = await live();
    connected.server.isSocketReachable = connected.server.isHttpReachable = false;
    connected.server.close(1006);
    return connected;
  }

  function restore(server: FakeServer): void {
    server.isSocketReachable = server.isHttpReachable = true;
  }

  it("an action waits, and is sent when the line is back in time", async () => {
    const { connection, server } = await down();
    const known = follow(connection.control(pause));
    await advance(19);
    expect(known).toEqual({});
    restore(server);
    await advance(2);
    expect(known).toEqual({ ack: { status: "accepted", reason: "" } });
    await advance(60);
    expect(known.result).toBeUndefined();
  });

  it("an action that waited for longer is not carried out later, and says so", async () => {
    const { connection, server } = await down();
    const known = follow(connection.control({ ...pause, action: "cancel" }));
    await advance(30.1);
    expect(known).toEqual({ ack: { status: "rejected", reason: "" }, result: NOT_SENT });
    restore(server);
    await advance(60);
    expect(connection.status().state).toBe("live");
    expect(server.receivedOf("control")).toEqual([]);
    expect(server.httpRequests.filter((request) => request.startsWith("control"))).toEqual([]);
  });

  it("no more than ten wait", async () => {
    const { connection } = await down();
    const waiting = Array.from({ length: 10 }, () => follow(connection.control(pause)));
    expect(await connection.control(pause).result).toEqual(NOT_SENT);
    expect(waiting.map(({ result }) => result)).toEqual(Array(10).fill(undefined));
  });

  it("nothing is put into the buffer of a frozen server, which would carry it out when it wakes", async () => {
    const { connection, server } = await live();
    await advance(3);
    server.isAnswering = server.sendsWelcome = server.isHttpReachable = false;
    const known = follow(connection.control(pause));
    await advance(30.1);
    expect(server.receivedOf("control")).toEqual([]);
    expect(known.result).toEqual(NOT_SENT);
  });

  it("what was sent and not answered is not said to be unsent", async () => {
    const { connection, server } = await live();
    server.isAnswering = server.sendsWelcome = server.isHttpReachable = false;
    const known = follow(connection.control(pause));
    await advance(30.1);
    expect(server.receivedOf("control")).toHaveLength(1);
    expect(known.result).toEqual({ outcome: "unanswered", reason: "" });
  });

  it("the same can be tried again, and counts once", async () => {
    const { connection, server } = await down();
    const call = connection.control(pause);
    await advance(30.1);
    restore(server);
    await advance(30);
    const again = connection.control({ ...pause, requestId: call.requestId });
    await advance(0.1);
    expect(again.requestId).toBe(call.requestId);
    expect(server.receivedOf("control")).toMatchObject([{ request_id: call.requestId, action: "pause" }]);
  });
});

describe("a connection that breaks", () => {
  it("sends the request again with the same request id", async () => {
    const { connection, server } = await live();
    server.isAnswering = false;
    const call = connection.control(pause);
    const known = follow(call);
    server.close(1006);
    server.isAnswering = true;
    await advance(1.1);
    const ids = server.receivedOf("control").map(({ request_id }) => request_id);
    expect(ids).toEqual([call.requestId, call.requestId]);
    expect(known.ack).toEqual({ status: "accepted", reason: "" });
  });

  it("does not make it miss the result: that is an event, and replayed", async () => {
    const { connection, server } = await live();
    const call = connection.control(pause);
    const known = follow(call);
    server.close(1006);
    resolved(server, call.requestId);
    await advance(1.1);
    expect(known.result).toEqual({ outcome: "applied", reason: "" });
  });

  it("does not send a resolved request again", async () => {
    const { connection, server } = await live();
    const { requestId } = connection.control(pause);
    resolved(server, requestId);
    server.close(1006);
    await advance(1.1);
    expect(server.receivedOf("control")).toHaveLength(1);
  });

  it("takes a result for an ack that was lost", async () => {
    const { connection, server } = await live();
    server.isAnswering = false;
    const call = connection.control(pause);
    server.sendAll(controlResult(call.requestId, "applied"));
    expect(await call.ack).toEqual({ status: "accepted", reason: "" });
    await advance(60);
    expect(server.receivedOf("control")).toHaveLength(1);
  });

  it("sends the request over HTTP, once", async () => {
    const { connection, server } = await live();
    server.isSocketReachable = false;
    server.close(1006);
    const call = connection.control({ ...pause, task: "scene/1" });
    const known = follow(call);
    await advance(20);
    expect(server.httpRequests.filter((request) => request.startsWith("control"))).toEqual([
      `control w1 pause ${call.requestId}`,
    ]);
    expect(known).toEqual({ ack: { status: "accepted", reason: "" } });
  });

  it("keeps trying over HTTP, too", async () => {
    const { connection, server } = await live();
    server.isSocketReachable = false;
    server.isHttpReachable = false;
    server.close(1006);
    const call = connection.control(pause);
    const known = follow(call);
    await advance(15);
    server.isHttpReachable = true;
    await advance(10);
    expect(known).toEqual({ ack: { status: "accepted", reason: "" } });
  });
});

describe("over HTTP", () => {
  it("says why it was refused", async () => {
    const { connection, server } = await live();
    server.close(1006);
    const { result } = connection.control({ ...pause, workflowId: "unknown" });
    expect(await result).toEqual({ outcome: "rejected", reason: "There is no such workflow." });
  });

  it("is resolved at once when the answer tells the outcome", async () => {
    const { connection, server } = await live();
    server.httpOutcome = "no_op";
    server.close(1006);
    expect(await connection.control(pause).result).toEqual({ outcome: "no_op", reason: "" });
  });

  it("is resolved by what the polling brings", async () => {
    const { connection, server } = await live();
    server.isSocketReachable = false;
    server.close(1006);
    await advance(20);
    const { requestId, result } = connection.control(pause);
    await advance(1);
    resolved(server, requestId);
    await advance(0.1);
    expect(await result).toEqual({ outcome: "applied", reason: "" });
  });
});

it("is abandoned when the person signs out", async () => {
  const { connection, server, tokens } = await live();
  const { result } = connection.control(pause);
  tokens.become(null);
  expect((await result).outcome).toBe("abandoned");
  tokens.become("bob");
  await advance(60);
  expect(server.receivedOf("control")).toHaveLength(1);
});
