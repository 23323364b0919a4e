import { act, waitFor } from "@testing-library/react";
import { describe, expect, expectTypeOf, it, vi } from "vitest";

import type { ErrorMessage, EventMessage, SingleMessage } from "@callboard/client";
import { renderLive } from "@/testing/renderLive";
import { createTestConnection } from "@/testing/testConnection";
import { workflow } from "@/testing/samples";
import { useWebSocket, type WebSocketOptions } from "./useWebSocket";

const OF_W1 = "/ws/workflow/w1";

async function live(options: Partial<WebSocketOptions> = {}) {
  const connected = createTestConnection({ prepare: (s) => s.addWorkflow(workflow({ id: "w2" })) });
  const rendered = renderLive(() => useWebSocket({ url: OF_W1, ...options }), connected);
  await waitFor(() => expect(rendered.result.current.isConnected).toBe(true));
  await waitFor(() => expect(rendered.connection.view("workflow", "w1").value).not.toBeNull());
  return rendered;
}

describe("useWebSocket", () => {
  it("follows what its url names, and gives every message to onMessage", async () => {
    const onMessage = vi.fn<(message: SingleMessage) => void>();
    const { server } = await live({ onMessage });
    act(() => void server.record("w1", "workflow_paused", {}));
    expect(onMessage.mock.lastCall?.[0]).toMatchObject({ type: "event", kind: "workflow_paused", seq: 11 });
    const types = new Set(onMessage.mock.calls.map(([{ type }]) => type));
    expect(types).toEqual(new Set(["welcome", "subscribed", "watchers", "event"]));
  });

  it.each([
    ["/ws/agent/*", "subscribe agent:*"],
    ["/ws/agent/video_editor", "subscribe agent:video_editor"],
    ["ws://test/ws/coordinator", "subscribe coordinator"],
  ])("follows %s", async (url, sent) => {
    const { server } = renderLive(() => useWebSocket({ url }));
    await waitFor(() => expect(server.conversation).toEqual([sent]));
  });

  it("follows nothing with the bare address, and refuses one of another server", async () => {
    const { result, server } = renderLive(() => useWebSocket({ url: "/ws/" }));
    await waitFor(() => expect(result.current.isConnected).toBe(true));
    expect(server.conversation).toEqual([]);
    vi.spyOn(console, "error").mockImplementation(() => undefined); // React reports it, too
    expect(() => renderLive(() => useWebSocket({ url: "wss://elsewhere.example/ws/" }))).toThrow(
      /no address/,
    );
  });

  it("gives each message to all handlers of its type, until they end", async () => {
    const { result, server } = await live();
    const kinds: string[] = [];
    const stop = result.current.subscribe("event", (event) => kinds.push(`first ${event.kind}`));
    result.current.subscribe("event", (event) => kinds.push(`second ${event.kind}`));
    result.current.subscribe("watchers", () => kinds.push("never"));
    act(() => void server.record("w1", "workflow_paused", {}));
    expect(kinds).toEqual(["first workflow_paused", "second workflow_paused"]);
    stop();
    act(() => void server.record("w1", "workflow_resumed", {}));
    expect(kinds.slice(2)).toEqual(["second workflow_resumed"]);
    result.current.unsubscribe("event");
    act(() => void server.record("w1", "workflow_paused", {}));
    expect(kinds).toHaveLength(3);
  });

  it("knows the message by its type", async () => {
    const { result } = await live();
    result.current.subscribe("event", (message) => expectTypeOf(message).toEqualTypeOf<EventMessage>());
    result.current.subscribe("error", (message) => expectTypeOf(message).toEqualTypeOf<ErrorMessage>());
  });

  it("misses no event of a gap, and says that there was one", async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const seqs: number[] = [];
    const { result, server, connection } = await live({ onError });
    result.current.subscribe("event", ({ seq }) => seqs.push(seq));
    act(() => server.close(1006));
    expect(result.current.isConnected).toBe(false);
    expect(onError.mock.lastCall?.[0]).toEqual(new Error("The connection was lost."));
    act(() => {
      server.record("w1", "workflow_paused", {});
      connection.retryNow();
    });
    await waitFor(() => expect(seqs).toEqual([11]));
    expect(result.current.isConnected).toBe(true);
  });

  it("hears nothing more after a loss when it does not reconnect", async () => {
    const onMessage = vi.fn<(message: SingleMessage) => void>();
    const { result, server, connection } = await live({ onMessage, reconnect: false });
    act(() => server.close(1006));
    const heard = onMessage.mock.calls.length;
    act(() => connection.retryNow());
    await waitFor(() => expect(connection.status().state).toBe("live"));
    act(() => void server.record("w1", "workflow_paused", {}));
    expect(onMessage.mock.calls).toHaveLength(heard);
    expect(result.current.isConnected).toBe(false);
  });

  it("tries again as often as it is asked to", async () => {
    vi.useFakeTimers({ now: 0, shouldAdvanceTime: true });
    const { server } = await live({ reconnectInterval: 1000 });
    server.isSocketReachable = false;
    act(() => server.close(1006));
    const attempts = server.tokens.length;
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    expect(server.tokens.length - attempts).toBeGreaterThanOrEqual(19);
  });

  it("says what the server refuses", async () => {
    const onError = vi.fn<(error: unknown) => void>();
    const { result } = await live({ onError });
    act(() => result.current.send({ type: "subscribe", target: "workflow", id: "unknown" }));
    expect(onError.mock.lastCall?.[0]).toMatchObject({ error_type: "TargetNotFound" });
  });

  it("sends subscriptions, which last until they or the component end", async () => {
    const { result, server, connection, unmount } = await live();
    act(() => result.current.send({ type: "subscribe", target: "workflow", id: "w2" }));
    await waitFor(() => expect(connection.view("workflow", "w2").isCurrent).toBe(true));
    act(() => server.close(1006));
    act(() => connection.retryNow());
    await waitFor(() => expect(connection.view("workflow", "w2").isCurrent).toBe(true));
    act(() => result.current.send({ type: "unsubscribe", target: "workflow", id: "w2" }));
    await waitFor(() => expect(server.conversation.at(-1)).toBe("unsubscribe workflow:w2"));
    act(() => result.current.send({ type: "subscribe", target: "agent", id: "*" }));
    await waitFor(() => expect(connection.view("agent", "*").value).not.toBeNull());
    unmount();
    await waitFor(() => expect(connection.view("agent", "*").value).toBeNull());
  });

  it("sends controls", async () => {
    const { result, server } = await live();
    const pause = {
      type: "control",
      action: "pause",
      workflow_id: "w1",
      mode: "now",
      request_id: "r1",
    } as const;
    act(() => result.current.send(pause));
    expect(server.receivedOf("control")).toMatchObject([{ ...pause, ref: "r1" }]);
  });
});
