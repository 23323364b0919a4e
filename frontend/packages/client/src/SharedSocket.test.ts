import { describe, expect, it } from "vitest";

import type { Tabs } from "./tabs";
import { FakeTabs } from "@/testing/FakeTabs";
import { workflow } from "@/testing/samples";
import { advance, aServer, connect } from "@/testing/testConnection";

const idle = () => undefined;

/** Several tabs of one browser, one after the other; the first one leads. */
async function open(count: number, server = aServer()) {
  const tabs = new FakeTabs();
  const add = async () => {
    const tab = tabs.tab();
    const connected = connect({ server, tab });
    await advance(0.1);
    return { ...connected, tab, end: () => tabs.end(tab) };
  };
  const first = await add();
  const others = [];
  for (let number = 1; number < count; number += 1) others.push(await add()); // oxlint-disable-line no-await-in-loop -- in this order
  return { tabs, add, server, all: [first, ...others], first, second: others[0] ?? first };
}

function states(all: { connection: { status: () => { state: string } } }[]): string[] {
  return all.map(({ connection }) => connection.status().state);
}

describe("tabs of one person", () => {
  it("share one socket", async () => {
    const { server, all } = await open(3);
    expect(states(all)).toEqual(["live", "live", "live"]);
    expect(server.connectionCount).toBe(1);
  });

  it("each see what they watch, and control it", async () => {
    const { server, first, second } = await open(2);
    server.addWorkflow(workflow({ id: "w2" }));
    first.connection.watch("workflow", "w1", idle);
    second.connection.watch("workflow", "w2", idle);
    await advance(0.1);
    server.record("w1", "workflow_paused", {});
    server.record("w2", "workflow_paused", {});
    const { ack } = second.connection.control({ workflowId: "w2", action: "resume" });
    await advance(0.1);
    expect(first.connection.view("workflow", "w1").value).toEqual(server.snapshot("w1"));
    expect(second.connection.view("workflow", "w2").value).toEqual(server.snapshot("w2"));
    expect(first.connection.view("workflow", "w2").value).toBeNull();
    expect(await ack).toEqual({ status: "accepted", reason: "" });
  });

  it("keep a room while one of them watches it", async () => {
    const { server, first, second } = await open(2);
    const leave = first.connection.watch("workflow", "w1", idle);
    second.connection.watch("workflow", "w1", idle);
    await advance(0.1);
    leave();
    await advance(3);
    expect(server.conversation).toEqual(["subscribe workflow:w1", "subscribe workflow:w1"]);
    second.end();
    await advance(0.1);
    expect(server.conversation.at(-1)).toBe("unsubscribe workflow:w1");
  });

  it("answer the server's ping once", async () => {
    const { server } = await open(3);
    server.ping();
    await advance(0.1);
    expect(server.conversation).toEqual(["pong"]);
  });

  it("do not disturb each other's logs by a snapshot", async () => {
    const { server, first, second } = await open(2);
    first.connection.watch("workflow", "w1", idle);
    await advance(0.1);
    server.record("w1", "workflow_paused", {});
    second.connection.watch("workflow", "w1", idle);
    await advance(0.1);
    expect(first.connection.log("w1")).toMatchObject({ after: 10, events: [{ seq: 11 }] });
    expect(second.connection.log("w1")).toMatchObject({ after: 11, events: [] });
  });

  it("all notice a frozen server within 12 s, and come back with it", async () => {
    const { server, all } = await open(2);
    server.isAnswering = server.sendsWelcome = server.isHttpReachable = false;
    await advance(12);
    expect(states(all)).toEqual(["reconnecting", "reconnecting"]);
    server.isAnswering = server.sendsWelcome = server.isHttpReachable = true;
    await advance(40);
    expect(states(all)).toEqual(["live", "live"]);
    expect(server.connectionCount).toBe(1);
  });

  it("all hear why the server closes", async () => {
    const { server, all } = await open(2);
    server.close(4003);
    await advance(0.1);
    expect(states(all)).toEqual(["refused", "refused"]);
  });
});

describe("when the tab that leads ends", () => {
  it("another takes over at once, and nobody misses an event", async () => {
    const { server, first, second, add } = await open(2);
    const third = await add();
    [second, third].forEach(({ connection }) => connection.watch("workflow", "w1", idle));
    await advance(0.1);
    const seen: string[] = [];
    second.connection.onStatusChange(() => seen.push(second.connection.status().state));
    third.connection.onStatusChange(() => seen.push(third.connection.status().state));
    first.end();
    server.close(1006); // what the browser does with its socket
    server.record("w1", "workflow_paused", {});
    await advance(0.5);
    expect(server.connectionCount).toBe(1);
    server.record("w1", "workflow_resumed", {});
    await advance(0.1);
    for (const { connection } of [second, third]) {
      expect(connection.view("workflow", "w1")).toMatchObject({ isCurrent: true, value: { seq: 12 } });
      expect(connection.log("w1")?.events.map(({ seq }) => seq)).toEqual([11, 12]);
    }
    expect(new Set(seen)).toEqual(new Set(["live"]));
  });

  it("hands over when it signs out of its own accord", async () => {
    const { server, first, second } = await open(2);
    first.tokens.become(null);
    await advance(0.5);
    expect(states([first, second])).toEqual(["signed_out", "live"]);
    expect(server.connectionCount).toBe(1);
  });
});

describe("a tab has a socket of its own", () => {
  it("where there are no locks", async () => {
    const server = aServer();
    connect({ server });
    connect({ server });
    await advance(0.1);
    expect(server.connectionCount).toBe(2);
  });

  it("when another person is signed in", async () => {
    const { server, tabs } = await open(1);
    const tab: Tabs = tabs.tab();
    connect({ server, tab, prepare: (_, tokens) => tokens.become("bob") });
    await advance(0.1);
    expect(server.connectionCount).toBe(2);
  });

  it("when the one that leads does not answer", async () => {
    const { server, tabs, first, add } = await open(1);
    tabs.freeze(first.tab);
    const second = await add();
    await advance(2);
    expect(second.connection.status().state).toBe("live");
    expect(server.connectionCount).toBe(2);
  });

  it("when all of them together watch more than one client may", async () => {
    const server = aServer();
    server.subscriptionLimit = 2;
    ["w2", "w3"].forEach((id) => server.addWorkflow(workflow({ id })));
    const { all, first, second } = await open(2, server);
    first.connection.watch("workflow", "w1", idle);
    first.connection.watch("workflow", "w2", idle);
    second.connection.watch("workflow", "w3", idle);
    await advance(1);
    expect(states(all)).toEqual(["live", "live"]);
    expect(server.connectionCount).toBe(2);
    expect(second.connection.view("workflow", "w3")).toMatchObject({ isCurrent: true });
    expect(first.connection.view("workflow", "w2")).toMatchObject({ isCurrent: true });
  });

  it("and the one that leads has precedence", async () => {
    const server = aServer();
    server.subscriptionLimit = 2;
    ["w2", "w3"].forEach((id) => server.addWorkflow(workflow({ id })));
    const { first, second } = await open(2, server);
    second.connection.watch("workflow", "w2", idle);
    second.connection.watch("workflow", "w3", idle);
    await advance(0.1);
    first.connection.watch("workflow", "w1", idle);
    await advance(1);
    expect(first.connection.view("workflow", "w1").isCurrent).toBe(true);
    expect(second.connection.view("workflow", "w3").isCurrent).toBe(true);
    expect(server.connectionCount).toBe(2);
  });

  it("until it leads itself", async () => {
    const { server, tabs, first, add } = await open(1);
    tabs.freeze(first.tab);
    const second = await add();
    await advance(3);
    first.end();
    await advance(1);
    const third = await add();
    expect(states([second, third])).toEqual(["live", "live"]);
    expect(server.connectionCount).toBe(2); // the frozen one's, and theirs
  });
});

it("does not take a leader's word for it that its socket is alive", async () => {
  const { server, first, add } = await open(1);
  first.environment.isSeen = false;
  server.ping();
  await advance(8);
  server.isAnswering = false;
  const second = await add();
  await advance(3);
  expect(second.connection.status().state).not.toBe("live");
});
