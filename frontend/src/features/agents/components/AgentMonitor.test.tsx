import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import type { ReactElement } from "react";
import { expect, it } from "vitest";

import { AgentMonitor } from "./AgentMonitor";
import { startApiServer } from "@/testing/apiServer";
import { renderSignedIn } from "@/testing/renderSignedIn";
import { aHistory, anAgent } from "@/testing/filmSamples";

const api = startApiServer();
let asked: string[][] = [];

function renderMonitor(monitor: ReactElement) {
  asked = [];
  api.use(
    http.get("/api/activity/", ({ request }) => {
      const names = new URL(request.url).searchParams.getAll("agent");
      asked.push(names);
      return HttpResponse.json(names.map((name) => aHistory(name, { hours: 1 })));
    }),
  );
  return renderSignedIn(monitor);
}

const METRICS = {
  total_messages: 12_840,
  total_workflows: 63,
  registered_agents: 3,
  healthy_agents: 2,
  active_workflows: 1,
  runners: 1,
  unserved_skills: [],
  disabled_agents: 0,
};
const BROKEN = anAgent("video_editor", {
  status: "error",
  last_error: "The disk is full.",
  metrics: {
    message_count: 18,
    error_count: 5,
    error_rate: 0.278,
    avg_execution_time: 11.24,
    is_healthy: false,
  },
});
const AGENTS = [
  anAgent("screenwriter", { status: "busy", in_flight: 3 }),
  BROKEN,
  anAgent("clip_maker", { status: "offline" }),
];

const names = () => [...document.querySelectorAll("article")].map((card) => card.getAttribute("aria-label"));

it("shows what needs a look first, what is away last", () => {
  renderMonitor(<AgentMonitor agents={AGENTS} metrics={METRICS} />);
  expect(names()).toEqual(["video_editor", "screenwriter", "clip_maker"]);
});

it("says in words how an agent is doing", () => {
  renderMonitor(<AgentMonitor agents={AGENTS} metrics={METRICS} />);
  const card = within(screen.getByRole("article", { name: "video_editor" }));
  for (const words of ["Error", "18", "27.8 %", "11 s", "Failing", "The disk is full.", "Do video_editor"]) {
    expect(card.getByText(words)).toBeInTheDocument();
  }
  expect(screen.getByText(/Busy\s+· 3 of 4/)).toBeInTheDocument();
});

it("finds agents by state, and by name or skill", async () => {
  const { user } = renderMonitor(<AgentMonitor agents={AGENTS} metrics={METRICS} />);
  await user.click(screen.getByRole("radio", { name: "Offline 1" }));
  expect(names()).toEqual(["clip_maker"]);
  await user.click(screen.getByRole("radio", { name: "All 3" }));
  await user.type(screen.getByRole("textbox", { name: "Search agents" }), "video editor");
  expect(names()).toEqual(["video_editor"]);
  await user.type(screen.getByRole("textbox", { name: "Search agents" }), "s and nothing else");
  expect(screen.getByText("No agent matches this search.")).toBeInTheDocument();
});

it("says of an agent that is off or drains who did it and why, and does not call it failing", () => {
  const off = anAgent("critic", {
    status: "offline",
    enabled: false,
    reason: "disabled by olga: replacing the GPU",
    last_error: "An old one.",
  });
  const draining = anAgent("editor", { status: "busy", draining: true, reason: "draining by olga" });
  renderMonitor(<AgentMonitor agents={[off, draining]} metrics={{ ...METRICS, disabled_agents: 1 }} />);
  const critic = within(screen.getByRole("article", { name: "critic" }));
  expect(critic.getByText("Disabled by olga: replacing the GPU")).toBeInTheDocument();
  expect(critic.queryByText("Failing")).toBeNull();
  expect(critic.queryByText("An old one.")).toBeNull();
  expect(within(screen.getByRole("article", { name: "editor" })).getByText("Draining")).toBeInTheDocument();
  expect(screen.getByText("· 1 off")).toBeInTheDocument();
});

it("shows the coordinator's figures, and waits for them without inventing any", () => {
  const { change } = renderMonitor(<AgentMonitor agents={[]} metrics={undefined} />);
  expect(screen.getAllByText("–")).toHaveLength(5);
  change(<AgentMonitor agents={[]} metrics={METRICS} />);
  expect(screen.getByText((12_840).toLocaleString())).toBeInTheDocument();
  expect(screen.getByText("of 3")).toBeInTheDocument();
});

it("says what no runner does", () => {
  const { change } = renderMonitor(
    <AgentMonitor agents={[]} metrics={{ ...METRICS, unserved_skills: ["make_clip", "edit_video"] }} />,
  );
  expect(screen.getByText("without make_clip, edit_video")).toBeInTheDocument();
  change(<AgentMonitor agents={[]} metrics={{ ...METRICS, runners: 0, unserved_skills: ["make_clip"] }} />);
  expect(screen.getByText("nothing is being done")).toBeInTheDocument();
});

it("shows the last hour of each agent at a glance", async () => {
  renderMonitor(<AgentMonitor agents={AGENTS} metrics={METRICS} />);
  const card = within(screen.getByRole("article", { name: "screenwriter" }));
  expect(await card.findByText("6 calls in the last hour, 2 failed, 95 % within 4.0 s")).toBeInTheDocument();
});

it("draws many agents a part at a time, and asks for the activity of those alone", async () => {
  const agents = Array.from({ length: 120 }, (_, number) => anAgent(`a${String(number).padStart(3, "0")}`));
  const { user } = renderMonitor(<AgentMonitor agents={agents} metrics={METRICS} />);
  expect(names()).toHaveLength(50);
  await waitFor(() => expect(asked.map(({ length }) => length)).toEqual([50]));
  await user.click(screen.getByRole("button", { name: "Show 50 more of 120" }));
  expect(names()).toHaveLength(100);
  await waitFor(() => expect(asked.map(({ length }) => length)).toEqual([50, 50]));
});
