import { act, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { startApiServer } from "@/testing/apiServer";
import { renderLive } from "@/testing/renderLive";
import { useCreateWorkflow } from "./useCreateWorkflow";
import { usePipelines } from "./usePipelines";

const api = startApiServer();

describe("usePipelines and useCreateWorkflow", () => {
  it("list the recipes and start a workflow", async () => {
    const recipe = {
      name: "idea2video",
      title: "Idea",
      description: "",
      stages: ["Plan"],
      input_schema: {},
      lacks: [],
    };
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
