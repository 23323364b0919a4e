import { MantineProvider } from "@mantine/core";
import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { createMemoryRouter, RouterProvider } from "react-router";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";

import { Api, Session, type WorkflowRow } from "@callboard/client";
import { jwt } from "@/testing/tokens";
import { Providers } from "./Providers";
import { routes } from "./routes";
import { aWorkflow, anAgent, anArtifact, BOARDS } from "@/testing/filmSamples";
import { startApiServer } from "@/testing/apiServer";
import { rowOf } from "@/testing/samples";
import { createTestConnection } from "@/testing/testConnection";
import { theme } from "./theme";
import { ErrorPage } from "./ErrorPage";

const ALICE = {
  username: "alice",
  can_view_agents: false,
  can_change_agents: false,
  can_view_workflows: false,
  is_staff: false,
};
const api = startApiServer();

beforeAll(() => {
  window.scrollTo = () => undefined;
});

interface Opening {
  user?: typeof ALICE | null;
  connected?: ReturnType<typeof createTestConnection>;
}

/** The whole app at an address, before a server that is made up; Alice is signed in unless `user` is null. */
function open(path: string, { user = ALICE, connected = createTestConnection() }: Opening = {}) {
  if (user) localStorage.setItem("callboard.signed-in", "[1]");
  api.use(
    http.get("/api/auth/me/", () => HttpResponse.json(user ?? ALICE)),
    http.get("/api/pipelines/", () => HttpResponse.json([])),
    http.get("/api/workflows/", () => HttpResponse.json({ count: 0, results: [] })),
    http.get("/api/workflows/storage/", () => HttpResponse.json({ stored_bytes: 0, limit_bytes: 20e9 })),
    http.get("/api/workflows/:id/events/", () => HttpResponse.json({ events: [], progress: null, seq: 0 })),
  );
  const session = new Session();
  onTestFinished(() => session.close());
  const tokens = { token: () => Promise.resolve("token"), renew: () => Promise.resolve("token") };
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  render(
    <MantineProvider theme={theme} env="test">
      <Providers services={{ session, api: new Api(tokens), connection: connected.connection }}>
        <RouterProvider router={router} />
      </Providers>
    </MantineProvider>,
  );
  return { person: userEvent.setup(), router, ...connected };
}

function connectionWith(change: Parameters<typeof aWorkflow>[0]) {
  return createTestConnection({ prepare: (server) => server.addWorkflow(aWorkflow(change)) });
}

describe("signing in", () => {
  it("stands before every page, and leads to the one that was asked for", async () => {
    const { person } = open("/idea2video", { user: null });
    api.use(
      http.post("/api/auth/token/", async ({ request }) => {
        expect(await request.json()).toEqual({ username: "alice", password: "a secret" });
        return HttpResponse.json({ access: jwt({ user_id: 1 }) });
      }),
    );
    await person.type(await screen.findByLabelText("Username"), "alice");
    await person.type(screen.getByLabelText("Password"), "a secret");
    await person.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("heading", { name: "Start from an idea" })).toBeInTheDocument();
  });

  it("says that the password was wrong, and keeps the name", async () => {
    const { person } = open("/", { user: null });
    const refusal = { error: { type: "AuthenticationFailed", message: "No.", retryable: false } };
    api.use(http.post("/api/auth/token/", () => HttpResponse.json(refusal, { status: 401 })));
    await person.type(await screen.findByLabelText("Username"), "alice");
    await person.type(screen.getByLabelText("Password"), "guess");
    await person.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Wrong username or password.");
    expect(screen.getByLabelText("Username")).toHaveValue("alice");
  });
});

describe("starting from an idea", () => {
  it("creates the workflow and goes to watch it", async () => {
    const { person } = open("/idea2video", { connected: connectionWith({ id: "w9" }) });
    api.use(
      http.post("/api/workflows/", async ({ request }) => {
        expect(await request.json()).toEqual({ pipeline: "idea2video", input: { idea: "A fox", scenes: 3 } });
        return HttpResponse.json({ id: "w9" }, { status: 201 });
      }),
    );
    await person.type(await screen.findByLabelText(/Your idea/), "A fox");
    await person.click(screen.getByRole("button", { name: "Make the video" }));
    expect(await screen.findByRole("article", { name: "The lighthouse letter" })).toBeInTheDocument();
  });

  it("keeps what was typed when the server refuses it, and shows why at the field", async () => {
    const { person } = open("/idea2video");
    const error = { type: "InvalidInput", message: "…", fields: { idea: "Idea is not readable text." } };
    api.use(http.post("/api/workflows/", () => HttpResponse.json({ error }, { status: 400 })));
    await person.type(await screen.findByLabelText(/Your idea/), "A fox");
    await person.click(screen.getByRole("button", { name: "Make the video" }));
    expect(await screen.findByText("Idea is not readable text.")).toBeInTheDocument();
    expect(screen.getByLabelText(/Your idea/)).toHaveValue("A fox");
  });

  it("says what no field can show", async () => {
    const { person } = open("/idea2video");
    const error = { type: "CrewNotReady", message: "OPENAI_API_KEY is not set." };
    api.use(http.post("/api/workflows/", () => HttpResponse.json({ error }, { status: 503 })));
    await person.type(await screen.findByLabelText(/Your idea/), "A fox");
    await person.click(screen.getByRole("button", { name: "Make the video" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("OPENAI_API_KEY is not set.");
  });
});

describe("any other pipeline", () => {
  const tune = {
    name: "tune",
    title: "Tune",
    description: "A mood becomes music.",
    stages: ["Sketch", "Mix"],
    input_schema: { properties: { title: { type: "string", maxLength: 80 } }, required: ["title"] },
    lacks: [] as string[],
  };

  it("is found under More, has a form, and is started and watched like any", async () => {
    const created = vi.fn<(body: unknown) => void>();
    const { person, router } = open("/workflows", { connected: connectionWith({ pipeline: "tune" }) });
    api.use(
      http.get("/api/pipelines/", () => HttpResponse.json([tune])),
      http.post("/api/workflows/", async ({ request }) => {
        created(await request.json());
        return HttpResponse.json({ id: "7f1c" }, { status: 201 });
      }),
    );
    await person.click(await screen.findByRole("link", { name: "More" }));
    await person.click(await screen.findByRole("link", { name: "Tune" }));
    await person.type(await screen.findByRole("textbox", { name: /Title/ }), "Ebb");
    await person.click(screen.getByRole("button", { name: "Start" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/workflows/7f1c"));
    expect(created).toHaveBeenCalledWith({ pipeline: "tune", input: { title: "Ebb" } });
  });

  it("says what it lacks before anybody has filled its form in", async () => {
    open("/start/tune");
    const lacks = ["Composer: switched off by olga"];
    api.use(http.get("/api/pipelines/", () => HttpResponse.json([{ ...tune, lacks }])));
    expect(await screen.findByText("Composer: switched off by olga")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Start" })).toBeDisabled();
  });
});

describe("the list of workflows", () => {
  it("leads to the first video when there is none", async () => {
    open("/workflows");
    expect(await screen.findByRole("link", { name: "Start from an idea" })).toHaveAttribute(
      "href",
      "/idea2video",
    );
  });

  it("shows where each one stands, and opens it", async () => {
    const { person } = open("/workflows", { connected: connectionWith({ id: "w7" }) });
    api.use(http.get("/api/workflows/", () => HttpResponse.json({ count: 30, results: [row()] })));
    const shown = within(await screen.findByRole("row"));
    expect(shown.getByText("Running")).toBeInTheDocument();
    expect(shown.getByText(/^42 % · Frames/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "2" })).toBeInTheDocument();
    await person.click(shown.getByRole("link", { name: "The lighthouse letter" }));
    expect(await screen.findByRole("article", { name: "The lighthouse letter" })).toBeInTheDocument();
  });

  it("filters by state, in the address", async () => {
    const asked: string[] = [];
    const { person, router } = open("/workflows");
    api.use(
      http.get("/api/workflows/", ({ request }) => {
        asked.push(new URL(request.url).search);
        return HttpResponse.json({ count: 0, results: [] });
      }),
    );
    await person.click(await screen.findByRole("radio", { name: "Failed" }));
    expect(await screen.findByText(/No workflow fits what you are looking for/)).toBeInTheDocument();
    expect(router.state.location.search).toBe("?show=failed");
    expect(asked.at(-1)).toContain("state=failed");
  });

  it("says why it did not come, and tries again", async () => {
    const { person } = open("/workflows");
    const error = { type: "Broken", message: "The database is away." };
    api.use(http.get("/api/workflows/", () => HttpResponse.json({ error }, { status: 400 })));
    expect(await screen.findByText("The database is away.")).toBeInTheDocument();
    api.use(http.get("/api/workflows/", () => HttpResponse.json({ count: 0, results: [] })));
    await person.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Make your first video")).toBeInTheDocument();
  });

  function row(): WorkflowRow {
    return rowOf(aWorkflow(), { id: "w7", poster: "/poster" });
  }
});

describe("one workflow", () => {
  it("follows what happens without being asked", async () => {
    const { server } = open("/workflows/w7", { connected: connectionWith({ id: "w7" }) });
    await screen.findByText("The workflow is running");
    act(() => server.report("w7", { progress: 0.75, message: "Almost there" }));
    expect(await screen.findByText("Almost there")).toBeInTheDocument();
    act(() => void server.record("w7", "workflow_paused", {}));
    expect(await screen.findByText("The workflow is paused")).toBeInTheDocument();
  });

  it("reads the storyboards, so that every shot has its words", async () => {
    const artifact = anArtifact("storyboard/1", "storyboard.json", "storyboard", {
      media_type: "application/json",
    });
    open("/workflows/w7", {
      connected: connectionWith({ id: "w7", artifacts: [{ ...artifact, url: "/board" }] }),
    });
    api.use(http.get("/board", () => HttpResponse.json(BOARDS[0])));
    expect(await screen.findByText("The bottle rolls against her boot.")).toBeInTheDocument();
  });

  it("says that a request was made, and then what came of it", async () => {
    const { person, server } = open("/workflows/w7", { connected: connectionWith({ id: "w7" }) });
    await person.click(await screen.findByRole("button", { name: "Pause" }));
    await person.click(screen.getByRole("button", { name: /Stop now/ }));
    expect(await screen.findByText(/Pause was requested/)).toBeInTheDocument();
    const sent = server.received.find((message) => message.type === "control");
    expect(sent).toMatchObject({ action: "pause", mode: "now" });
    const told = { request_id: sent?.request_id ?? "", action: "pause", by: "alice" } as const;
    act(() => {
      server.record("w7", "control_resolved", {
        ...told,
        outcome: "failed",
        state: "running",
        reason: "It is over.",
      });
    });
    expect(await screen.findByText("Pause was refused. It is over.")).toBeInTheDocument();
  });

  it("says that there is none, without telling whether it is somebody else's", async () => {
    open("/workflows/unknown");
    expect(await screen.findByRole("heading", { name: "There is no such workflow" })).toBeInTheDocument();
  });

  it("says that the connection is lost, and keeps showing the last that is known", async () => {
    const { server } = open("/workflows/w7", { connected: connectionWith({ id: "w7" }) });
    await screen.findByText("The workflow is running");
    act(() => server.setOtherWatchers("w7", 2));
    expect(await screen.findByText(/^3 watching/)).toBeVisible();
    act(() => server.close(1006));
    expect(screen.queryByText(/watching/)).not.toBeInTheDocument();
    expect(await screen.findByText(/^This is the last known state/)).toBeInTheDocument();
    expect(screen.getByText(/The connection was lost/)).toBeInTheDocument();
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("The lighthouse letter");
  });
});

describe("the agents", () => {
  it("are for who may see them", async () => {
    open("/agents");
    expect(await screen.findByRole("heading", { name: "This page is for operators" })).toBeInTheDocument();
  });

  it("are shown live", async () => {
    const connected = createTestConnection({
      prepare: (server) => void server.agents.push(anAgent("screenwriter")),
    });
    open("/agents", { user: { ...ALICE, can_view_agents: true }, connected });
    const card = await screen.findByRole("article", { name: "screenwriter" });
    expect(within(card).getByText("Idle")).toBeInTheDocument();
  });
});

it("says that the page broke when it did, and that the work goes on", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const Broken = () => {
    throw new Error("A lamp fell.");
  };
  const router = createMemoryRouter([{ path: "/", element: <Broken />, errorElement: <ErrorPage /> }]);
  render(
    <MantineProvider theme={theme} env="test">
      <RouterProvider router={router} />
    </MantineProvider>,
  );
  expect(await screen.findByRole("heading", { name: "This page could not be shown" })).toBeInTheDocument();
  expect(screen.getByText(/Your videos are still being made.*A lamp fell\./)).toBeInTheDocument();
});

it("says that nothing is at an address, and where to go", async () => {
  open("/nowhere");
  expect(await screen.findByRole("heading", { name: "Page not found" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "To your workflows" })).toHaveAttribute("href", "/workflows");
});

it("signs out, back to the door", async () => {
  const { person } = open("/idea2video");
  api.use(http.post("/api/auth/logout/", () => new HttpResponse(null, { status: 204 })));
  await person.click(await screen.findByRole("button", { name: "Account of alice" }));
  await person.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  await waitFor(() => expect(screen.getByLabelText("Username")).toBeInTheDocument());
});
