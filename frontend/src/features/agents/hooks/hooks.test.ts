import { act, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { createTestConnection } from "@/testing/testConnection";
import { METRICS } from "@/testing/FakeServer";
import { renderLive } from "@/testing/renderLive";
import { agent } from "@/testing/samples";
import { useAgents, useCoordinator } from "@callboard/react";

describe("useAgents and useCoordinator", () => {
  it("are live", async () => {
    const connected = createTestConnection({
      prepare: (s) => s.agents.push(agent("video_editor"), agent("screenwriter")),
    });
    const { result, server } = renderLive(() => ({ ...useAgents(), ...useCoordinator() }), connected);
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
});
