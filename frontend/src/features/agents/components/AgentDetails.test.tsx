import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { startApiServer } from "@/testing/apiServer";
import { aHistory, anAgent, anAgentDetail } from "@/testing/filmSamples";
import { renderSignedIn } from "@/testing/renderSignedIn";
import { AgentMonitor } from "./AgentMonitor";

const api = startApiServer();
const AT = new Date().toISOString();
const RUNNING = {
  workflow_id: "w1",
  title: "The lighthouse",
  task: "cut/1",
  at: AT,
  problem: "",
  picture: "/frame",
};
const FAILURE = {
  ...RUNNING,
  workflow_id: "w2",
  title: "The tram",
  task: "cut/2",
  problem: "The disk is full.",
};

/** The agents page of Olga, with the details of the editor open. */
async function openEditor(can_change_agents: boolean, agent = anAgent("editor", { in_flight: 1 })) {
  const change = { what: "enabled", by: "olga", why: "It is back.", at: new Date().toISOString() };
  api.use(
    http.get("/api/auth/me/", () =>
      HttpResponse.json({
        username: "olga",
        can_view_agents: true,
        can_change_agents,
        can_view_workflows: true,
        is_staff: false,
      }),
    ),
    http.get("/api/agents/editor/", () => HttpResponse.json(anAgentDetail("editor", { changes: [change] }))),
    http.get("/api/activity/", () => HttpResponse.json([aHistory("editor")])),
    http.get("/api/agents/editor/work/", () =>
      HttpResponse.json({ running: [RUNNING], failures: [FAILURE] }),
    ),
    http.get("/api/agents/editor/history/", () => HttpResponse.json(aHistory("editor"))),
  );
  const { user: person } = renderSignedIn(<AgentMonitor agents={[agent]} metrics={undefined} />);
  await person.click(screen.getByRole("button", { name: "Editor" }));
  const drawer = within(await screen.findByRole("dialog", { name: "Editor" }));
  return { person, drawer };
}

it("shows what an agent does now, its last day in words, and who changed it", async () => {
  const { person, drawer } = await openEditor(false);
  expect(await drawer.findByRole("link", { name: "The lighthouse" })).toHaveAttribute(
    "href",
    "/workflows/w1",
  );
  expect(drawer.getByRole("link", { name: "The tram" })).toHaveAttribute("href", "/workflows/w2");
  expect(drawer.getByText("The disk is full.")).toBeInTheDocument();
  expect(drawer.getByText("1 of at most 4 jobs")).toBeInTheDocument();
  const words =
    "The last 24 hours: 6 calls, 2 errors; half of the calls took at most 1.5 s, 95 % at most 4.0 s.";
  const chart = await drawer.findByRole("img", { name: words });
  expect(chart.querySelectorAll("rect")).toHaveLength(4);
  await person.click(drawer.getByText("As a table"));
  expect(await drawer.findAllByRole("row")).toHaveLength(3);
  expect(drawer.getByText(/by olga/)).toHaveTextContent("Enabled by olga: It is back.");
});

it("shows the switches to those alone who may change agents", async () => {
  const { drawer } = await openEditor(false);
  await drawer.findByRole("img");
  expect(drawer.queryByRole("button", { name: "Save" })).toBeNull();
});

it("sends what was changed, and why", async () => {
  const sent: unknown[] = [];
  api.use(
    http.patch("/api/agents/editor/", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(anAgentDetail("editor"));
    }),
  );
  const { person, drawer } = await openEditor(true);
  const save = await drawer.findByRole("button", { name: "Save" });
  expect(save).toBeDisabled();
  await person.click(drawer.getByRole("radio", { name: "Draining" }));
  const capacity = drawer.getByRole("textbox", { name: "Jobs at once" });
  await person.clear(capacity);
  await person.type(capacity, "2");
  await person.type(drawer.getByRole("textbox", { name: "Why" }), "A new disk.");
  await person.click(save);
  await waitFor(() =>
    expect(sent).toEqual([{ enabled: true, draining: true, max_concurrent: 2, why: "A new disk." }]),
  );
  expect(await drawer.findByText("Saved.")).toBeInTheDocument();
});

it("says why a change was refused", async () => {
  const error = { type: "InvalidInput", message: "Weight: it is too large.", retryable: false, fields: {} };
  api.use(http.patch("/api/agents/editor/", () => HttpResponse.json({ error }, { status: 400 })));
  const { person, drawer } = await openEditor(true);
  await person.click(await drawer.findByRole("radio", { name: "Off" }));
  await person.click(drawer.getByRole("button", { name: "Save" }));
  expect(await drawer.findByText("Weight: it is too large.")).toBeInTheDocument();
});

it("says so when nothing was called", async () => {
  const opened = openEditor(false);
  api.use(
    http.get("/api/agents/editor/history/", () =>
      HttpResponse.json(aHistory("editor", { calls: 0, samples: [] })),
    ),
  );
  const { drawer } = await opened;
  expect(await drawer.findByText("No calls in the last 24 hours.")).toBeInTheDocument();
});
