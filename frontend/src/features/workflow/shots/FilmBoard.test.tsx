import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, it } from "vitest";

import { startApiServer } from "@/testing/apiServer";
import {
  BOARDS,
  aFailedWorkflow,
  aFinishedWorkflow,
  aTask,
  aWorkflow,
  anArtifact,
  viewOf,
} from "@/testing/filmSamples";
import { renderComponent } from "@/testing/renderComponent";
import { renderSignedIn } from "@/testing/renderSignedIn";
import type { WorkflowSnapshot } from "@callboard/client";
import { FilmBoard } from "./FilmBoard";

const SCORES = { sharpness: 0.06, contrast: 0.7 };
const CHOICE = {
  shot: "1.1",
  kept: 2,
  is_asked_for: false,
  takes: [
    { take: 1, scores: { ...SCORES, total: 0.514 } },
    { take: 2, scores: { ...SCORES, total: 0.538 } },
  ],
};
const server = startApiServer(
  http.get("*/made/*", ({ request }) => {
    if (request.url.includes("choice.json")) return HttpResponse.json(CHOICE);
    return HttpResponse.text(
      "INT. KITCHEN - NIGHT\n\nShe waits.\n\nEXT. LIGHTHOUSE - NIGHT\n\nTOMAS\nYou have to light it. Now.\n",
    );
  }),
);

function board(workflow: WorkflowSnapshot) {
  return <FilmBoard {...viewOf(workflow)} boards={BOARDS} />;
}

/** A film whose shot 1.1 has two takes, of which the second was kept. */
function aFilmWithTakes(more: Partial<WorkflowSnapshot> = {}): WorkflowSnapshot {
  const workflow = aFinishedWorkflow();
  const takes = [1, 2].flatMap((take) => [
    anArtifact("candidates/1.1", `take-${take}-first.png`, "frame"),
    anArtifact("candidates/1.1", `take-${take}-last.png`, "frame"),
  ]);
  const choice = anArtifact("frames/1.1", "choice.json", "choice", { media_type: "application/json" });
  return { ...workflow, artifacts: [...workflow.artifacts, ...takes, choice], ...more };
}

it("keeps a place for every shot that is to come, and says what it waits for", () => {
  renderComponent(board(aWorkflow()));
  const second = within(screen.getByRole("region", { name: "Scene 2" }));
  const empty = second.getByRole("button", { name: "Shot 2.1 Waiting to be drawn" });
  expect(empty).toHaveTextContent("Waiting to be drawn");
  expect(second.getByText("Tomas, soaked, at the door.")).toBeInTheDocument();
  expect(second.getByText("EXT. LIGHTHOUSE - NIGHT")).toBeInTheDocument();
});

it("never calls an empty frame completed, though a step of it is", () => {
  const stages = [
    {
      name: "Frames",
      state: "running" as const,
      progress: 0.5,
      folded: null,
      tasks: [
        aTask("references/1.3", "completed", { skill: "select_references" }),
        aTask("candidates/1.3", "pending"),
      ],
    },
  ];
  renderComponent(board(aWorkflow({ stages, artifacts: [] })));
  const empty = screen.getByRole("button", { name: "Shot 1.3 Waiting to be drawn" });
  expect(empty).toHaveTextContent("Waiting to be drawn");
  expect(screen.queryByText("Completed")).not.toBeInTheDocument();
});

it("describes a frame to who cannot see it, and shows what is being made of a shot", () => {
  renderComponent(board(aWorkflow()));
  expect(
    screen.getByAltText("Shot 1.1: Mara wipes the lamp; the storm leans on the window."),
  ).toBeInTheDocument();
  expect(screen.getByRole("progressbar", { name: "Progress of shot 1.3" })).toHaveAttribute(
    "aria-valuenow",
    "50",
  );
  const steps = within(screen.getByRole("list", { name: "Steps of shot 1.3" }));
  expect(steps.getByText("Takes: under way")).toBeInTheDocument();
  expect(steps.getByText("Clip: to come")).toBeInTheDocument();
});

it("shows only the shots that failed, and says why", async () => {
  const { user } = renderComponent(board(aFailedWorkflow()));
  await user.click(screen.getByRole("button", { name: "Failed 2" }));
  await waitFor(() => expect(screen.queryByText("Scene 1")?.closest("section")).toHaveTextContent("1.3"));
  expect(screen.getByRole("button", { name: /^Shot 1.3/ })).toHaveTextContent(
    "The image model did not answer.",
  );
  expect(screen.queryByRole("button", { name: "Enlarge shot 1.1" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Running 0" }));
  expect(await screen.findByText("Nothing is being made of any shot right now.")).toBeInTheDocument();
});

it("is one stop for the tabulator; arrow keys go from shot to shot, and Enter opens one", async () => {
  const { user } = renderSignedIn(board(aFinishedWorkflow()));
  const first = screen.getByRole("button", { name: "Enlarge shot 1.1" });
  expect(screen.getAllByRole("button", { name: /shot \d/ }).filter(({ tabIndex }) => tabIndex === 0)).toEqual(
    [first],
  );
  first.focus();
  await user.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}");
  expect(screen.getByRole("button", { name: "Enlarge shot 2.1" })).toHaveFocus();
  await user.keyboard("{Home}");
  expect(first).toHaveFocus();
  await user.keyboard("{End}{Enter}");
  expect(await screen.findByText("Shot 2.2 · 5 of 5")).toBeInTheDocument();
  await user.keyboard("{ArrowLeft}");
  expect(await screen.findByText("TOMAS: You have to light it. Now.")).toBeInTheDocument();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

it("plays a shot's clip in place", async () => {
  const { user } = renderSignedIn(board(aFinishedWorkflow()));
  await user.click(screen.getByRole("button", { name: "Enlarge shot 2.1" }));
  const large = within(await screen.findByRole("dialog"));
  await user.click(large.getByRole("button", { name: "Play the clip" }));
  expect(large.getByLabelText("Clip of Shot 2.1")).toHaveAttribute(
    "src",
    expect.stringContaining("clip.mp4"),
  );
});

it("keeps the cast in sight, and enlarges its portraits", async () => {
  const { user } = renderComponent(board(aWorkflow()));
  const cast = within(screen.getByRole("region", { name: "Cast" }));
  expect(cast.getByText("MARA")).toBeInTheDocument();
  await user.click(cast.getByRole("button", { name: "Enlarge the portraits of MARA" }));
  const large = within(await screen.findByRole("dialog"));
  expect(large.getByText("MARA · 1 of 3")).toBeInTheDocument();
  await user.keyboard("{ArrowRight}{ArrowRight}");
  expect(large.getByAltText("MARA, back")).toBeInTheDocument();
});

it("shows the screenplay, and marks what the shot in focus shows of it", async () => {
  renderComponent(board(aFinishedWorkflow()));
  const text = await screen.findByRole("region", { name: "Text of the screenplay" });
  const line = within(text).getByText("You have to light it. Now.");
  expect(line).not.toHaveAttribute("data-shown");
  screen.getByRole("button", { name: "Enlarge shot 2.1" }).focus();
  await waitFor(() => expect(line).toHaveAttribute("data-shown"));
});

it("shows every take with its score and which one was kept", async () => {
  const { user } = renderSignedIn(board(aFilmWithTakes()));
  await user.click(screen.getByRole("button", { name: "Enlarge shot 1.1" }));
  const takes = within(await screen.findByRole("region", { name: "Takes of shot 1.1" }));
  expect(await takes.findByText("53.8 of 100")).toBeInTheDocument();
  expect(takes.getByText("51.4 of 100")).toBeInTheDocument();
  expect(takes.getByText("In the film").closest("li")).toHaveTextContent("Take 2");
  expect(takes.queryByRole("button", { name: "Use this one: take 2 of shot 1.1" })).not.toBeInTheDocument();
});

it("makes a new workflow with another take", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post("*/api/workflows/7f1c/rerun/", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ id: "new" }, { status: 201 });
    }),
  );
  const { user } = renderSignedIn(board(aFilmWithTakes()));
  await user.click(screen.getByRole("button", { name: "Enlarge shot 1.1" }));
  await screen.findByText("In the film");
  await user.click(screen.getByRole("button", { name: "Use this one: take 1 of shot 1.1" }));
  await waitFor(() =>
    expect(asked).toEqual([{ from: "frames/1.1", with: { take: "candidates/1.1-take-1-first.png" } }]),
  );
});

it("redoes a shot with another caption, and shows the server's objection at the field", async () => {
  const asked: unknown[] = [];
  server.use(
    http.post("*/api/workflows/7f1c/rerun/", async ({ request }) => {
      asked.push(await request.json());
      const error = {
        type: "InvalidInput",
        message: "Caption is too long.",
        fields: { caption: "Too long." },
      };
      return HttpResponse.json({ error }, { status: 400 });
    }),
  );
  const { user } = renderSignedIn(board(aFilmWithTakes()));
  await user.click(screen.getByRole("button", { name: "Enlarge shot 1.1" }));
  await user.click(await screen.findByRole("button", { name: "Redo this shot…" }));
  await user.type(screen.getByLabelText("Caption"), "Too late.");
  expect(
    screen.getByText(/^The speech and the clip of shot 1.1 and the film are made anew/),
  ).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Redo this shot" }));
  expect(await screen.findByText("Too long.")).toBeInTheDocument();
  expect(asked).toEqual([{ from: "clip/1.1", with: { shot: { caption: "Too late." } } }]);
});

it("says why nothing can be redone while it works", async () => {
  const { user } = renderSignedIn(board(aFilmWithTakes({ state: "running" })));
  await user.click(screen.getByRole("button", { name: "Enlarge shot 1.1" }));
  const takes = within(await screen.findByRole("region", { name: "Takes of shot 1.1" }));
  expect(takes.getByText(/still at work/)).toBeInTheDocument();
  expect(takes.queryByRole("button", { name: /^Use this one/ })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Redo this shot…" }));
  expect(screen.getByRole("button", { name: "Take it again as it is" })).toBeDisabled();
});
