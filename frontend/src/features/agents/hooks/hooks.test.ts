import { act, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { startApiServer } from "@/testing/apiServer";
import { createWorld } from "@/testing/connect";
import { METRICS } from "@/testing/FakeServer";
import { renderLive } from "@/testing/renderLive";
import { agent } from "@/testing/samples";
import { useAgent, useAgents } from "./useAgents";
import { useCoordinatorMetrics } from "./useCoordinatorMetrics";

const api = startApiServer();

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
