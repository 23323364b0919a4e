import { act, renderHook, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import type { ReactNode } from "react";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { Api } from "@/shared/api/Api";
import { Session } from "@/shared/api/Session";
import { jwt } from "@/testing/tokens";
import type { WorkflowRow } from "@/shared/api/types";
import { Providers } from "./Providers";
import { createWorld } from "@/testing/connect";
import { METRICS, TIMESTAMP } from "@/testing/FakeServer";
import { agent, workflow } from "@/testing/samples";
import { createServices } from "@/shared/services";
import { useActivity } from "@/features/workflow/hooks/useActivity";
import { useAgent, useAgents } from "@/features/agents/hooks/useAgents";
import { useControl } from "@/features/workflow/hooks/useControl";
import { useCoordinatorMetrics } from "@/features/agents/hooks/useCoordinatorMetrics";
import { useCreateWorkflow } from "@/features/start/hooks/useCreateWorkflow";
import { usePipelines } from "@/features/start/hooks/usePipelines";
import { useSession } from "@/shared/hooks/useSession";
import { useWebSocket } from "@/shared/hooks/useWebSocket";
import { useWorkflow } from "@/features/workflow/hooks/useWorkflow";
import { useWorkflows } from "@/features/workflow/hooks/useWorkflows";

const api = setupServer();
beforeAll(() => api.listen({ onUnhandledRequest: "error" }));
afterEach(() => api.resetHandlers());
afterAll(() => api.close());

/** Renders a hook in an app that is connected to a fake server; Alice is signed in. */
function renderLive<Result>(hook: () => Result, world = createWorld()) {
  localStorage.setItem("callboard.refresh", jwt({ user_id: 1 }));
  const session = new Session();
  onTestFinished(() => session.close());
  const tokens = { token: () => Promise.resolve("token"), renew: () => Promise.resolve("token") };
  const services = { session, api: new Api(tokens), connection: world.connection };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <Providers services={services}>{children}</Providers>
  );
  return { ...renderHook(hook, { wrapper }), ...world, session };
}

function row(id: string, change: Partial<WorkflowRow> = {}): WorkflowRow {
  const { title, pipeline, owner, state, progress, stage, message, eta, seq, created_at } = workflow();
  const moments = { created_at, started_at: null, finished_at: null };
  return {
    id,
    title,
    pipeline,
    owner,
    state,
    progress,
    stage,
    message,
    eta,
    seq,
    ...moments,
    poster: null,
    ...change,
  };
}

function list(...results: WorkflowRow[]) {
  return http.get("/api/workflows/", () => HttpResponse.json({ count: results.length, results }));
}

describe("useWebSocket", () => {
  it("says how the link stands", async () => {
    const { result, server } = renderLive(useWebSocket);
    expect(result.current.state).toBe("connecting");
    await waitFor(() => expect(result.current.state).toBe("live"));
    act(() => server.close(1006));
    expect(result.current).toMatchObject({ state: "reconnecting", retryAt: expect.any(Number) });
    act(() => result.current.retryNow());
    await waitFor(() => expect(result.current.state).toBe("live"));
    expect(result.current.connection.lastMessageAt).toEqual(expect.any(Number));
  });
});

describe("useWorkflow", () => {
  it("loads, follows, and says when it may be old", async () => {
    const { result, server } = renderLive(() => useWorkflow("w1"));
    expect(result.current).toMatchObject({ snapshot: null, isLoading: true, isStale: false, error: null });
    await waitFor(() => expect(result.current.isLoading).toBe(false));
    act(() => void server.record("w1", "workflow_paused", {}));
    expect(result.current).toMatchObject({ snapshot: { state: "paused" }, isStale: false });
    expect(result.current.lastNewsAt).toEqual(expect.any(Number));
    act(() => server.close(1006));
    expect(result.current).toMatchObject({ snapshot: { state: "paused" }, isStale: true });
  });

  it("says that there is no such workflow", async () => {
    const { result } = renderLive(() => useWorkflow("nobody's"));
    await waitFor(() => expect(result.current.error?.type).toBe("TargetNotFound"));
    expect(result.current).toMatchObject({ snapshot: null, isLoading: false });
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
    const { result, server } = renderLive(() => ({ events: useActivity("w1"), link: useWebSocket().state }));
    await waitFor(() => expect(server.conversation).toEqual(["subscribe workflow:w1"]));
    act(() => void server.record("w1", "workflow_paused", {}));
    await waitFor(() => expect(result.current.events.map(({ seq }) => seq)).toEqual([11]));
  });
});

describe("useWorkflows", () => {
  it("keeps the rows that move live, and leaves the others alone", async () => {
    api.use(list(row("w1"), row("w2", { state: "completed", title: "Done" })));
    const { result, server } = renderLive(() => useWorkflows());
    await waitFor(() => expect(result.current).toMatchObject({ count: 2, isLoading: false }));
    await waitFor(() => expect(server.conversation).toEqual(["subscribe workflow:w1"]));
    act(() => server.report("w1", { progress: 0.75, message: "Almost" }));
    await waitFor(() => expect(result.current.rows[0]).toMatchObject({ progress: 0.75, message: "Almost" }));
    expect(result.current.rows[1]).toEqual(row("w2", { state: "completed", title: "Done" }));
  });

  it("shows the newest frame until there is a poster", async () => {
    api.use(list(row("w1")));
    const { result, server } = renderLive(() => useWorkflows());
    await waitFor(() => expect(server.conversation).toEqual(["subscribe workflow:w1"]));
    const frame = {
      id: "a",
      name: "frame.png",
      kind: "frame",
      media_type: "image/png",
      task: "t",
      url: "/frame",
    };
    act(() => void server.record("w1", "artifact_ready", { artifact: frame }));
    await waitFor(() => expect(result.current.rows[0]?.poster).toBe("/frame"));
  });

  it("does not let an older answer undo what it was told", async () => {
    api.use(list(row("w1")));
    const { result, server } = renderLive(() => useWorkflows());
    await waitFor(() => expect(server.conversation).toEqual(["subscribe workflow:w1"]));
    act(() => void server.record("w1", "workflow_paused", {}));
    await waitFor(() => expect(result.current.rows[0]?.state).toBe("paused"));
    api.use(list(row("w1", { title: "Renamed" })));
    act(() => result.current.refetch());
    await waitFor(() => expect(result.current.rows[0]?.title).toBe("Renamed"));
    expect(result.current.rows[0]?.state).toBe("paused");
  });

  it("watches no more rooms than leave some for the rest of the page", async () => {
    const rows = Array.from({ length: 9 }, (_, index) => row(`w${index}`));
    api.use(list(...rows));
    const { result, server } = renderLive(
      () => useWorkflows(),
      createWorld({ prepare: (s) => rows.forEach(({ id }) => s.addWorkflow(workflow({ id }))) }),
    );
    await waitFor(() => expect(result.current.rows).toHaveLength(9));
    await waitFor(() => expect(server.receivedOf("subscribe")).toHaveLength(6));
  });

  it("says why there is no list", async () => {
    api.use(http.get("/api/workflows/", () => new HttpResponse(null, { status: 404 })));
    const { result } = renderLive(() => useWorkflows({ states: ["running"] }));
    await waitFor(() => expect(result.current.error).toMatchObject({ status: 404 }));
    expect(result.current.rows).toEqual([]);
  });
});

describe("useControl", () => {
  it("is pending until the action has taken effect", async () => {
    const { result, server } = renderLive(() => ({ ...useControl("w1"), link: useWebSocket().state }));
    await waitFor(() => expect(result.current.link).toBe("live"));
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
    expect(result.current.lastResult).toEqual({ action: "pause", outcome: "applied", reason: "" });
  });
});

describe("useAgents and useCoordinatorMetrics", () => {
  it("are live", async () => {
    const world = createWorld({
      prepare: (s) => s.agents.push(agent("video_editor"), agent("screenwriter")),
    });
    const { result, server } = renderLive(() => ({ ...useAgents(), ...useCoordinatorMetrics() }), world);
    await waitFor(() => expect(result.current.metrics).toEqual(METRICS));
    expect(result.current.agents.map(({ agent_name }) => agent_name)).toEqual([
      "screenwriter",
      "video_editor",
    ]);
    act(() =>
      server.sendAll({ type: "agent_status", ...agent("video_editor", { status: "busy" }), merged: 0 }),
    );
    expect(result.current.agents[1]?.status).toBe("busy");
    act(() => server.close(1006));
    expect(result.current.isStale).toBe(true);
  });

  it("know one agent's last hour", async () => {
    const detail = { ...agent("screenwriter"), samples: [] };
    api.use(http.get("/api/agents/screenwriter/", () => HttpResponse.json(detail)));
    const { result } = renderLive(() => useAgent("screenwriter"));
    expect(result.current.agent).toBeNull();
    await waitFor(() => expect(result.current.agent).toEqual(detail));
  });
});

describe("useSession", () => {
  it("knows who is signed in, and lets them out and in again", async () => {
    const alice = { username: "alice", can_view_agents: false, is_staff: false };
    api.use(
      http.get("/api/auth/me/", () => HttpResponse.json(alice)),
      http.post("/api/auth/logout/", () => new HttpResponse(null, { status: 204 })),
      http.post("/api/auth/token/", () =>
        HttpResponse.json({ access: jwt({}), refresh: jwt({ user_id: 2 }) }),
      ),
    );
    const { result } = renderLive(useSession);
    expect(result.current).toMatchObject({ isSignedIn: true, user: null });
    await waitFor(() => expect(result.current.user).toEqual(alice));
    await act(() => result.current.signOut());
    expect(result.current).toMatchObject({ isSignedIn: false, user: null });
    await act(() => result.current.signIn("bob", "right"));
    expect(result.current.isSignedIn).toBe(true);
    await waitFor(() => expect(result.current.user).not.toBeNull());
  });
});

describe("usePipelines and useCreateWorkflow", () => {
  it("list the recipes and start a workflow", async () => {
    const recipe = { name: "idea2video", title: "Idea", description: "", stages: ["Plan"], input_schema: {} };
    api.use(
      http.get("/api/pipelines/", () => HttpResponse.json([recipe])),
      http.post("/api/workflows/", async ({ request }) =>
        HttpResponse.json({ id: "w2", ...((await request.json()) as object) }),
      ),
    );
    const { result } = renderLive(() => ({ ...usePipelines(), ...useCreateWorkflow() }));
    await waitFor(() => expect(result.current.pipelines).toEqual([recipe]));
    const input = { idea: "A lighthouse keeper" };
    expect(await act(() => result.current.create({ pipeline: "idea2video", input }))).toEqual({
      id: "w2",
      pipeline: "idea2video",
      input,
    });
  });
});

describe("the services", () => {
  it("come into being without a request; nobody is signed in", () => {
    const { connection, session } = createServices();
    onTestFinished(() => session.close());
    onTestFinished(connection.start());
    expect(connection.status().state).toBe("signed_out");
  });

  it("are missed outside of their provider", () => {
    expect(() => renderHook(() => useWorkflow("w1"))).toThrow("Outside of <Providers>.");
  });
});
