import { act, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, it, vi } from "vitest";

import { useConnection, useControl, useWorkflow } from "@callboard/react";
import { startApiServer } from "@/testing/apiServer";
import { createTestConnection } from "@/testing/testConnection";
import { TIMESTAMP } from "@/testing/FakeServer";
import { renderLive } from "@/testing/renderLive";
import { task, workflow } from "@/testing/samples";
import { useActivity } from "./useActivity";
import { useControlNotice } from "./useControlNotice";
import { useMoreArtifacts } from "./useMoreArtifacts";
import { useMoreTasks } from "./useMoreTasks";

const api = startApiServer();
const FRAME = { name: "frame.png", kind: "frame", media_type: "image/png", url: "/made/frame.png" };

describe("useWorkflow", () => {
  it("loads, follows, and says when it may be old", async () => {
    const { result, server } = renderLive(() => useWorkflow("w1"));
    expect(result.current).toMatchObject({ snapshot: null, isLoading: true, isStale: false, error: null });
    await waitFor(() => expect(result.current.isLoading).toBe(false));
    act(() => void server.record("w1", "workflow_paused", {}));
    expect(result.current).toMatchObject({ snapshot: { state: "paused" }, isStale: false });
    expect(result.current.lastUpdateAt).toEqual(expect.any(Number));
    act(() => server.close(1006));
    expect(result.current).toMatchObject({ snapshot: { state: "paused" }, isStale: true });
  });

  it("says that there is no such workflow", async () => {
    const { result } = renderLive(() => useWorkflow("unknown"));
    await waitFor(() => expect(result.current.error?.type).toBe("TargetNotFound"));
    expect(result.current).toMatchObject({ snapshot: null, isLoading: false });
  });
});

describe("useMoreTasks", () => {
  const SHOWN = ["clip/1.3", "clip/1.4"];

  function large() {
    const folded = { counts: { pending: 5 }, steps: { clip: "make_clip" } };
    const tasks = SHOWN.map((key) => task(key));
    return workflow({ stages: [{ name: "Clips", state: "pending", progress: 0, tasks, folded }] });
  }

  /** Pages of two. */
  function pages(asked: string[]) {
    const keys = ["clip/1.3", "clip/1.4", "clip/1.1", "clip/1.2", "clip/1.5"];
    return http.get("/api/workflows/w1/tasks/", ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(`${searchParams.get("stage")} ${searchParams.get("cursor")}`);
      const start = Number(searchParams.get("cursor"));
      const tasks = keys.slice(start, start + 2).map((key) => ({ stage: "Clips", task: task(key) }));
      return HttpResponse.json({ tasks, next: start + 2 < keys.length ? String(start + 2) : null, seq: 10 });
    });
  }

  it("fetches pages until there is something new, and goes on from there", async () => {
    const asked: string[] = [];
    api.use(pages(asked));
    const connected = createTestConnection({ prepare: (server) => server.addWorkflow(large()) });
    const { result } = renderLive(
      () => ({ workflow: useWorkflow("w1").snapshot, more: useMoreTasks("w1") }),
      connected,
    );
    const keys = () => result.current.workflow?.stages[0]?.tasks.map(({ key }) => key);
    await waitFor(() => expect(keys()).toEqual(SHOWN));
    await act(() => result.current.more("Clips"));
    expect(keys()).toEqual(["clip/1.1", "clip/1.2", "clip/1.3", "clip/1.4"]);
    await act(() => result.current.more("Clips"));
    expect(keys()).toEqual(["clip/1.1", "clip/1.2", "clip/1.3", "clip/1.4", "clip/1.5"]);
    expect(asked).toEqual(["Clips null", "Clips 2", "Clips 4"]);
  });
});

describe("useMoreArtifacts", () => {
  it("fetches all pages, and says when nothing is left out any more", async () => {
    const frame = (shot: string) => ({ ...FRAME, id: shot, task: `frames/${shot}` });
    const asked: (string | null)[] = [];
    api.use(
      http.get("/api/workflows/w1/artifacts/", ({ request }) => {
        const cursor = new URL(request.url).searchParams.get("cursor");
        asked.push(cursor);
        if (cursor === null) return HttpResponse.json({ artifacts: [frame("1.1"), frame("1.2")], next: "b" });
        return HttpResponse.json({ artifacts: [frame("1.3")], next: null });
      }),
    );
    const large = workflow({ artifacts: [frame("1.3")], artifacts_folded: true });
    const connected = createTestConnection({ prepare: (server) => server.addWorkflow(large) });
    const { result } = renderLive(
      () => ({ workflow: useWorkflow("w1").snapshot, more: useMoreArtifacts("w1") }),
      connected,
    );
    await waitFor(() => expect(result.current.workflow?.artifacts).toHaveLength(1));
    await act(() => result.current.more.load());
    expect(result.current.workflow?.artifacts.map(({ id }) => id)).toEqual(["1.1", "1.2", "1.3"]);
    expect(result.current.more.isComplete).toBe(true);
    expect(asked).toEqual([null, "b"]);
  });
});

describe("useActivity", () => {
  it("tells all that happened, before and since, each once", async () => {
    const paused = (seq: number) => ({
      type: "event",
      workflow_id: "w1",
      seq,
      kind: "workflow_paused",
      data: {},
    });
    const asked: string[] = [];
    api.use(
      http.get("/api/workflows/w1/events/", ({ request }) => {
        const after = Number(new URL(request.url).searchParams.get("after"));
        asked.push(`after ${after}`);
        const events = Array.from({ length: 6 }, (_, index) => paused(after + 1 + index)); // a small page
        return HttpResponse.json({ events, progress: null, seq: 12 });
      }),
    );
    const { result, server } = renderLive(() => useActivity("w1"));
    expect(result.current).toEqual([]);
    await waitFor(() => expect(result.current).toHaveLength(10));
    act(() => void server.record("w1", "workflow_resumed", {}));
    expect(result.current.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(asked).toEqual(["after 0", "after 6"]);
  });

  it("makes do when earlier events are not told", async () => {
    const nothing = { events: [], progress: null, seq: 10 };
    api.use(http.get("/api/workflows/w1/events/", () => HttpResponse.json(nothing)));
    const { result, server } = renderLive(() => ({
      events: useActivity("w1"),
      connection: useConnection().state,
    }));
    await waitFor(() => expect(server.conversation).toEqual(["subscribe workflow:w1"]));
    act(() => void server.record("w1", "workflow_paused", {}));
    await waitFor(() => expect(result.current.events.map(({ seq }) => seq)).toEqual([11]));
  });
});

describe("useControl", () => {
  it("is pending until the action has taken effect", async () => {
    const { result, server } = renderLive(() => ({ ...useControl("w1"), connection: useConnection().state }));
    await waitFor(() => expect(result.current.connection).toBe("live"));
    act(() => void result.current.send("pause", { mode: "now" }));
    expect(result.current).toMatchObject({ pending: ["pause"], lastResult: null });
    const request_id = server.receivedOf("control")[0]?.request_id ?? "";
    const body = {
      request_id,
      workflow_id: "w1",
      action: "pause",
      outcome: "applied",
      state: "paused",
    } as const;
    act(() =>
      server.sendAll({
        type: "control_result",
        ...body,
        seq: 11,
        by: "alice",
        reason: "",
        timestamp: TIMESTAMP,
      }),
    );
    await waitFor(() => expect(result.current.pending).toEqual([]));
    expect(result.current.lastResult).toMatchObject({ action: "pause", outcome: "applied", reason: "" });
  });
});

describe("useControlNotice", () => {
  it("says that a request waits, that it was not sent, and sends the same again", async () => {
    vi.useFakeTimers({ now: 0, shouldAdvanceTime: true });
    const { result, server } = renderLive(() => ({
      ...useControlNotice(workflow()),
      connection: useConnection().state,
    }));
    await waitFor(() => expect(result.current.connection).toBe("live"));
    server.isSocketReachable = server.isHttpReachable = false;
    act(() => server.close(1006));
    act(() => void result.current.send("pause", { mode: "now" }));
    expect(result.current.notice?.text).toMatch(/^Pause has not been sent/);
    await act(() => vi.advanceTimersByTimeAsync(30_100));
    expect(result.current.notice?.text).toBe("Pause was not sent: there was no connection.");
    server.isSocketReachable = server.isHttpReachable = true;
    await act(() => vi.advanceTimersByTimeAsync(40_000));
    await waitFor(() => expect(result.current.connection).toBe("live"));
    expect(server.receivedOf("control")).toEqual([]);
    act(() => result.current.notice?.onRetry?.());
    await act(() => vi.advanceTimersByTimeAsync(100));
    expect(server.receivedOf("control")).toMatchObject([{ action: "pause", mode: "now" }]);
    expect(result.current.requested).toBe("pause");
  });
});
