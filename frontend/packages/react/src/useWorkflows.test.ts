import { act, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import type { WorkflowFilter, WorkflowRow } from "@callboard/client";
import { startApiServer } from "@/testing/apiServer";
import { TIMESTAMP } from "@/testing/FakeServer";
import { renderLive } from "@/testing/renderLive";
import { rowOf, workflow } from "@/testing/samples";
import { createTestConnection } from "@/testing/testConnection";
import { useWorkflows } from "./useWorkflows";

const api = startApiServer();

function row(id: string, change: Partial<WorkflowRow> = {}): WorkflowRow {
  return rowOf(workflow({ id, title: id }), change);
}

function answerWith(...results: WorkflowRow[]) {
  api.use(http.get("/api/workflows/", () => HttpResponse.json({ count: results.length, results })));
}

/** The list of a page, once it is there and followed. */
async function listOf(filter: WorkflowFilter, ...rows: WorkflowRow[]) {
  answerWith(...rows);
  const rendered = renderLive(() => useWorkflows(filter), createTestConnection());
  const { result, server } = rendered;
  await waitFor(() => expect(result.current).toMatchObject({ count: rows.length, isLoading: false }));
  await waitFor(() => expect(server.conversation).toEqual(["subscribe workflows"]));
  const list = (listed: WorkflowRow) => {
    const message = { type: "workflow_listed", workflow: listed, merged: 0, timestamp: TIMESTAMP } as const;
    act(() => server.publish("workflows", message));
  };
  const unlist = (workflow_id: string) => {
    const message = { type: "workflow_unlisted", workflow_id, merged: 0, timestamp: TIMESTAMP } as const;
    act(() => server.publish("workflows", message));
  };
  const ids = () => result.current.rows.map(({ id }) => id);
  return { ...rendered, list, unlist, ids };
}

it("keeps every row live, and leaves the others alone", async () => {
  const done = row("done", { state: "completed" });
  const { result, list } = await listOf({}, row("a"), done);
  list(row("a", { seq: 11, progress: 0.75, message: "Almost" }));
  expect(result.current.rows).toMatchObject([{ progress: 0.75, message: "Almost" }, done]);
});

it("puts a new workflow where it belongs, without asking again", async () => {
  const { result, list, ids } = await listOf({}, row("a"));
  api.use(http.get("/api/workflows/", () => HttpResponse.error()));
  list(row("later", { created_at: "2026-01-02T00:00:00.000Z" }));
  list(row("latest", { created_at: "2026-01-03T00:00:00.000Z" }));
  expect(ids()).toEqual(["latest", "later", "a"]);
  expect(result.current.count).toBe(3);
});

it("lets a full page show what is newest, and counts the rest", async () => {
  const rows = Array.from({ length: 25 }, (_, index) => row(`w${index}`));
  const { result, list, ids } = await listOf({}, ...rows);
  list(row("older", { created_at: "2025-01-01T00:00:00.000Z" }));
  expect(ids()).not.toContain("older");
  list(row("new", { created_at: "2026-01-02T00:00:00.000Z" }));
  expect(ids()).toHaveLength(25);
  expect(ids()[0]).toBe("new");
  expect(result.current.count).toBe(26);
});

it("takes away what was deleted", async () => {
  const { result, unlist, ids } = await listOf({}, row("a"), row("b"));
  unlist("a");
  expect(ids()).toEqual(["b"]);
  expect(result.current.count).toBe(1);
});

it("takes in and takes away what begins and ceases to fit the filter", async () => {
  const { list, ids } = await listOf({ states: ["running"], owner: "alice" }, row("a"));
  list(row("paused", { state: "paused" }));
  list(row("bobs", { owner: "bob" }));
  expect(ids()).toEqual(["a"]);
  list(row("more"));
  expect(ids()).toEqual(["more", "a"]);
  list(row("a", { seq: 11, state: "completed" }));
  expect(ids()).toEqual(["more"]);
});

it("puts nothing new into a later page, or into another order", async () => {
  const { list, ids } = await listOf({ page: 2 }, row("a"));
  list(row("new"));
  expect(ids()).toEqual(["a"]);
  const sorted = await listOf({ sort: "title" }, row("a"));
  sorted.list(row("new"));
  expect(sorted.ids()).toEqual(["a"]);
});

it("does not let an older answer undo what it was told", async () => {
  const { result, list } = await listOf({}, row("a"));
  list(row("a", { seq: 12, state: "paused" }));
  list(row("a", { seq: 11, state: "running" }));
  answerWith(row("a", { title: "Read before the pause" }), row("b"));
  act(() => result.current.refetch());
  await waitFor(() => expect(result.current.count).toBe(2));
  expect(result.current.rows[0]).toMatchObject({ state: "paused", title: "a" });
});

it("asks again after the connection was lost: other rows may have changed unheard", async () => {
  const { result, server, ids } = await listOf({}, row("a"), row("b"));
  answerWith(row("b"));
  act(() => server.close(1006));
  await waitFor(() => expect(server.receivedOf("subscribe")).toHaveLength(2), { timeout: 5000 });
  await waitFor(() => expect(ids()).toEqual(["b"]));
  expect(result.current.count).toBe(1);
});

it("says why there is no list", async () => {
  api.use(http.get("/api/workflows/", () => new HttpResponse(null, { status: 404 })));
  const { result } = renderLive(() => useWorkflows({ states: ["running"] }));
  await waitFor(() => expect(result.current.error).toMatchObject({ status: 404 }));
  expect(result.current.rows).toEqual([]);
});
