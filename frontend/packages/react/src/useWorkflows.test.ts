import { act, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { startApiServer } from "@/testing/apiServer";
import { renderLive } from "@/testing/renderLive";
import { workflow } from "@/testing/samples";
import { useWorkflows } from "./useWorkflows";

const api = startApiServer();

function list(...states: ("running" | "completed")[]) {
  const results = states.map((state, index) => workflow({ id: `w${index + 1}`, state }));
  return http.get("/api/workflows/", () => HttpResponse.json({ count: results.length, results }));
}

it("lists workflows, keeps the active ones live, and fetches again when asked to", async () => {
  api.use(list("running", "completed"));
  const { result, server } = renderLive(() => useWorkflows());
  expect(result.current).toMatchObject({ rows: [], isLoading: true });
  await waitFor(() => expect(result.current).toMatchObject({ count: 2, isLoading: false }));
  await waitFor(() => expect(server.conversation).toEqual(["subscribe workflow:w1"]));
  act(() => server.report("w1", { progress: 0.75 }));
  await waitFor(() => expect(result.current.rows[0]?.progress).toBe(0.75));
  api.use(list("completed"));
  act(() => result.current.refetch());
  await waitFor(() => expect(result.current.count).toBe(1));
});

it("says why there is no list", async () => {
  api.use(http.get("/api/workflows/", () => new HttpResponse(null, { status: 404 })));
  const { result } = renderLive(() => useWorkflows({ states: ["running"] }));
  await waitFor(() => expect(result.current.error).toMatchObject({ status: 404 }));
  expect(result.current).toMatchObject({ rows: [], isLoading: false });
});
