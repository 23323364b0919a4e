import { screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import {
  ApiError,
  type Export,
  type FilmUsage,
  type StageBody,
  type WorkflowSnapshot,
} from "@callboard/client";
import { renderComponent } from "@/testing/renderComponent";
import {
  BOARDS,
  aFailedWorkflow,
  aFinishedWorkflow,
  aTask,
  aWorkflow,
  anArtifact,
  anEvent,
} from "@/testing/filmSamples";
import { WorkflowView } from "./WorkflowView";

type Props = Parameters<typeof WorkflowView>[0];
type OnControl = Props["onControl"];

function view(workflow: WorkflowSnapshot, more: Partial<Props> = {}) {
  return (
    <WorkflowView
      workflow={workflow}
      boards={BOARDS}
      events={[]}
      isStale={false}
      lastUpdateAt={Date.now()}
      watchers={1}
      pending={null}
      notice={null}
      onControl={vi.fn<OnControl>()}
      onMoreTasks={vi.fn<Props["onMoreTasks"]>()}
      onMoreArtifacts={null}
      takeAlong={null}
      {...more}
    />
  );
}

function anExport(format: string, more: Partial<Export> = {}): Export {
  const name = `the-lighthouse-letter.${format}`;
  return { format, episode: null, title: "", name, bytes: null, url: `/export/${format}`, ...more };
}

/** Two episodes, each with its captions. */
function aSeries(): WorkflowSnapshot {
  const workflow = aFinishedWorkflow();
  const keys = ["edit/1", "edit/2"];
  const titles = ["The Storm", "The Rescue"];
  return {
    ...workflow,
    stages: workflow.stages.map((stage) =>
      stage.name === "Edit"
        ? {
            ...stage,
            tasks: keys.map((key, index) => aTask(key, "completed", { title: titles[index] ?? "" })),
          }
        : stage,
    ),
    artifacts: [
      ...workflow.artifacts.filter(({ task }) => task !== "edit"),
      ...keys.flatMap((key) => [
        anArtifact(key, "film.mp4", "video", { media_type: "video/mp4" }),
        anArtifact(key, "captions.vtt", "captions", { media_type: "text/vtt" }),
      ]),
    ],
  };
}

/** What models took for a film. */
const SPENT: FilmUsage = {
  calls: 20,
  prompt_tokens: 10_000,
  completion_tokens: 2_340,
  pictures: 14,
  video_seconds: 0,
  speech_characters: 0,
  cost: 0.42,
  currency: "USD",
  unpriced_calls: 0,
  budget: 2,
};
const SPENT_IN_WORDS = "12,340 tokens, 14 pictures, about $0.42 (budget $2.00)";

describe("what models took", () => {
  it("is shown while the film is made, and when it is done", () => {
    const { change } = renderComponent(view(aWorkflow({ usage: SPENT })));
    expect(screen.getByText(`Models so far: ${SPENT_IN_WORDS}`)).toBeInTheDocument();
    change(view({ ...aFinishedWorkflow(), usage: SPENT }));
    expect(screen.getByText(SPENT_IN_WORDS)).toBeInTheDocument();
  });

  it("is not shown of a film that was made without them", () => {
    renderComponent(view(aFinishedWorkflow()));
    expect(screen.queryByText("Models")).not.toBeInTheDocument();
  });
});

describe("a running workflow", () => {
  it("says where it stands, and about how long it may take", async () => {
    renderComponent(view(aWorkflow()));
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("The lighthouse letter");
    const bar = screen.getByRole("progressbar", { name: "Progress of the whole workflow" });
    expect(bar).toHaveAttribute("aria-valuenow", "42");
    expect(screen.getByText("Drawing 2 of 2 characters")).toBeInTheDocument();
    expect(await screen.findByText("about 30–45 s left")).toBeInTheDocument();
    expect(screen.getByText("The workflow is running")).toHaveRole("status");
  });

  it("says who is at work on what", () => {
    renderComponent(view(aWorkflow()));
    const running = within(screen.getByRole("region", { name: "Running now" }));
    expect(running.getByText("Takes of shot 1.3")).toBeInTheDocument();
    expect(running.getByText("camera image generator, try 2")).toBeInTheDocument();
    expect(running.getByText("Portraits of character 2")).toBeInTheDocument();
  });

  it("shows the newest frame large", () => {
    renderComponent(view(aWorkflow()));
    expect(screen.getByAltText("Shot 1.2")).toBeInTheDocument();
  });

  it("keeps a picture where it is when only its link is signed anew", () => {
    const { change } = renderComponent(view(aWorkflow()));
    const before = screen.getByAltText("Shot 1.2");
    const src = before.getAttribute("src");
    const workflow = aWorkflow();
    const artifacts = workflow.artifacts.map((artifact) => ({ ...artifact, url: `${artifact.url}b` }));
    change(view({ ...workflow, artifacts }));
    expect(screen.getByAltText("Shot 1.2")).toBe(before);
    expect(before).toHaveAttribute("src", src);
  });

  it("tells a silent worker from a dead connection", () => {
    const { change } = renderComponent(view(aWorkflow(), { lastUpdateAt: Date.now() - 40_000 }));
    expect(screen.getByText(/^No update from .*camera image generator for 4\d s/)).toBeInTheDocument();
    expect(screen.getByText(/The connection is fine/)).toBeInTheDocument();
    change(view(aWorkflow(), { lastUpdateAt: Date.now() - 40_000, isStale: true }));
    expect(screen.queryByText(/No update from/)).not.toBeInTheDocument();
    expect(screen.getByText(/^This is the last known state, of \d\d:\d\d:\d\d\.$/)).toBeInTheDocument();
    expect(screen.getByText(/cannot be known/)).toBeInTheDocument();
    expect(screen.getByText("Last known: Drawing 2 of 2 characters")).toBeInTheDocument();
    expect(screen.queryByText(/ left$/)).not.toBeInTheDocument();
  });
});

describe("a workflow that makes no film", () => {
  const sound = { media_type: "audio/mp4" };
  const keys = { sketch: ["sketch"], voices: ["voice/1"], mix: ["mix"] };
  const tune = (more: Partial<WorkflowSnapshot> = {}) => ({
    ...aWorkflow({ pipeline: "tune", title: "Low tide", input: { mood: "calm", drums: true } }),
    stages: Object.entries(keys).map(([name, tasks]) => ({
      name,
      state: "completed" as const,
      progress: 1,
      tasks: tasks.map((key) => aTask(key, "completed")),
      folded: null,
    })),
    artifacts: [
      anArtifact("sketch", "lead-sheet.txt", "text", { media_type: "text/plain" }),
      anArtifact("voice/1", "melody.wav", "audio", { media_type: "audio/wav" }),
      anArtifact("sketch", "cover.png", "image"),
      anArtifact("voice/1", "melody.mid", "notes", { media_type: "audio/midi" }),
    ],
    ...more,
  });

  it("plays and shows what is made, links to the rest, and speaks of no film", async () => {
    const { user } = renderComponent(view(tune()));
    const made = within(await screen.findByRole("region", { name: "What was made" }));
    expect(made.getByLabelText("melody.wav")).toHaveProperty("tagName", "AUDIO");
    expect(made.getByRole("link", { name: "Open cover.png" })).toBeInTheDocument();
    expect(made.getByRole("link", { name: "lead-sheet.txt" })).toHaveAttribute("target", "_blank");
    expect(made.getByRole("link", { name: "Download melody.mid" })).toHaveAttribute("download", "melody.mid");
    expect(screen.queryByRole("region", { name: "Shots" })).not.toBeInTheDocument();
    await user.click(screen.getByRole("link", { name: "Activity" }));
    expect(screen.getByText("Mood").nextSibling).toHaveTextContent("calm");
    expect(screen.getByText("Drums").nextSibling).toHaveTextContent("Yes");
  });

  it("offers its result when it is completed, and another one", () => {
    const mix = anArtifact("mix", "tune.m4a", "audio", sound);
    const [sheet, melody] = tune().artifacts;
    const artifacts = [sheet, melody, mix].flatMap((artifact) => artifact ?? []);
    renderComponent(view(tune({ state: "completed", artifacts })));
    expect(screen.getByText("The audio is ready")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Download the audio" })).toHaveAttribute("download", "tune.m4a");
    expect(screen.getByLabelText("tune.m4a")).toHaveProperty("tagName", "AUDIO"); // above, and not again in the list
    expect(screen.queryByText("Scenes")).not.toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Make another" })).toHaveAttribute("href", "/start/tune");
  });
});

it("a workflow of one agent's skill shows all that was made, and leads to no form", async () => {
  const artifacts = [anArtifact("perform", "first.png", "frame")];
  renderComponent(
    view(aWorkflow({ state: "completed", stages: [], pipeline: "agent:camera/shoot_frames", artifacts })),
  );
  expect(screen.getByText(/Camera: shoot frames/)).toBeInTheDocument();
  expect(await screen.findByRole("link", { name: "Open first.png" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Make another" })).not.toBeInTheDocument();
});

it("what a film brings along beyond its pictures is shown beside them", async () => {
  const artifacts = [
    ...aWorkflow().artifacts,
    anArtifact("music", "music.mp3", "audio", { media_type: "audio/mpeg" }),
  ];
  renderComponent(view(aWorkflow({ artifacts })));
  const also = within(await screen.findByRole("region", { name: "Also made" }));
  expect(also.getAllByRole("listitem")).toHaveLength(1);
  expect(also.getByLabelText("music.mp3")).toBeInTheDocument();
});

describe("a failed workflow", () => {
  it("says what happened, what is kept, and offers to retry all that failed", async () => {
    const onControl = vi.fn<OnControl>();
    const { user } = renderComponent(view(aFailedWorkflow(), { onControl }));
    expect(screen.getByText("The image model did not answer.")).toBeInTheDocument();
    expect(screen.getByText(/2 tasks of Frames failed\. Everything finished is kept/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Retry 2 failed tasks" }));
    expect(onControl).toHaveBeenCalledWith("retry");
  });

  it("can retry one task, beside its error", async () => {
    const onControl = vi.fn<OnControl>();
    const { user } = renderComponent(view(aFailedWorkflow(), { onControl }));
    await user.click(screen.getByRole("button", { name: /^Frames Failed, 2 of 5/ }));
    const tasks = within(await screen.findByRole("region", { name: "Tasks of Frames" }));
    await user.click(tasks.getAllByRole("button", { name: "Retry this task" })[0] as HTMLElement);
    expect(onControl).toHaveBeenCalledWith("retry", { task: "candidates/1.3" });
  });

  it("forgets the old error as soon as a retry is asked for", () => {
    const { change } = renderComponent(view(aFailedWorkflow()));
    change(view(aFailedWorkflow(), { pending: "retry" }));
    expect(screen.queryByText("The image model did not answer.")).not.toBeInTheDocument();
  });

  it("cannot be cancelled any more", () => {
    renderComponent(view(aFailedWorkflow()));
    expect(screen.queryByRole("button", { name: "Cancel" })).not.toBeInTheDocument();
  });

  it("shows no running task", () => {
    renderComponent(view(aFailedWorkflow()));
    expect(screen.queryByRole("region", { name: "Running now" })).not.toBeInTheDocument();
  });
});

describe("a finished workflow", () => {
  it("holds what it took against what was said", () => {
    const estimated = { p10: 100, p50: 120, p90: 175 };
    renderComponent(view({ ...aFinishedWorkflow(), estimated, elapsed: 161 }));
    expect(screen.getByText("Said 2–3 min, took 2:41")).toBeInTheDocument();
  });

  it("plays the film with its poster and captions", () => {
    renderComponent(view(aFinishedWorkflow()));
    const film = screen.getByLabelText("Video: The lighthouse letter");
    expect(film).toHaveAttribute("src", expect.stringContaining("the-lighthouse-letter.mp4"));
    expect(film).toHaveAttribute("poster", expect.stringContaining("poster.jpg"));
    expect(film.querySelector("track")).toHaveAttribute("src", expect.stringContaining("captions.vtt"));
  });

  it("can be taken home, and leads to the next one", () => {
    renderComponent(view(aFinishedWorkflow()));
    const download = screen.getByRole("link", { name: "Download the video" });
    expect(download).toHaveAttribute("href", expect.stringMatching(/signature=a&download=1$/));
    expect(screen.getByRole("link", { name: "Make another" })).toHaveAttribute("href", "/idea2video");
    expect(screen.queryByRole("button", { name: "Pause" })).not.toBeInTheDocument();
  });

  it("can be taken along in every form that there is, with words and sizes", async () => {
    const takeAlong = vi
      .fn<() => Promise<Export[]>>()
      .mockResolvedValueOnce([
        anExport("srt", { bytes: 1_234, url: "/export/?format=srt&signature=b" }),
        anExport("fdx", { bytes: 5_678 }),
        anExport("otio"),
        anExport("zip", { bytes: 12_345_678 }),
        anExport("hologram"),
      ])
      .mockRejectedValueOnce(new Error("The database is away."));
    const { user } = renderComponent(view(aFinishedWorkflow(), { takeAlong }));
    screen.getByRole("button", { name: "Take along" }).focus();
    await user.keyboard("{Enter}");
    const captions = await screen.findByRole("menuitem", { name: /^Captions, SRT: .*, 1 kB$/ });
    expect(captions).toHaveAttribute("href", "/export/?format=srt&signature=b");
    expect(captions).toHaveAttribute("download", "the-lighthouse-letter.srt");
    const names = screen.getAllByRole("menuitem").map((item) => item.getAttribute("aria-label"));
    expect(names.map((name) => name?.split(",")[0])).toEqual([
      "Captions",
      "Screenplay",
      "Timeline",
      "Everything",
    ]);
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Take along" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is away.");
  });

  it("is a list of episodes where it is a series, each with its own captions and files", async () => {
    const workflow = aSeries();
    const files = [1, 2].map((episode) => anExport("srt", { episode, url: `/srt/${episode}` }));
    const takeAlong = () => Promise.resolve([...files, anExport("pdf")]);
    const { user } = renderComponent(view(workflow, { takeAlong }));
    expect(screen.getByText("2 episodes are ready")).toBeInTheDocument();
    const episodes = within(screen.getByRole("list", { name: "Episodes" }));
    await user.click(episodes.getByRole("button", { name: "Play episode 2: The Rescue" }));
    const film = screen.getByLabelText(`Video: ${workflow.title}`);
    expect(film).toHaveAttribute("src", expect.stringContaining(encodeURIComponent("edit/2-film.mp4")));
    const captions = film.querySelector("track[kind=captions]");
    expect(captions).toHaveAttribute(
      "src",
      expect.stringContaining(encodeURIComponent("edit/2-captions.vtt")),
    );
    await user.click(episodes.getByRole("button", { name: "Take along episode 2: The Rescue" }));
    expect(await screen.findByRole("menuitem")).toHaveAttribute("href", "/srt/2");
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Take along" }));
    expect(await screen.findByRole("menuitem")).toHaveAccessibleName("Storyboard, PDF, to print");
  });

  it("does not start the film over when its links are signed anew", () => {
    const { change } = renderComponent(view(aFinishedWorkflow()));
    const film = screen.getByLabelText("Video: The lighthouse letter");
    const src = film.getAttribute("src");
    const workflow = aFinishedWorkflow();
    const artifacts = workflow.artifacts.map((artifact) => ({ ...artifact, url: `${artifact.url}b` }));
    change(view({ ...workflow, artifacts }));
    expect(screen.getByLabelText("Video: The lighthouse letter")).toHaveAttribute("src", src);
  });
});

describe("the stages", () => {
  it("lead to their tasks: who did what, how long, and at which try", async () => {
    const { user } = renderComponent(view(aWorkflow()));
    const frames = screen.getByRole("button", { name: "Frames Running, 2 of 5 tasks done" });
    await user.click(frames);
    expect(frames).toHaveAttribute("aria-pressed", "true");
    expect(screen.getByRole("link", { name: "Tasks" })).toHaveAttribute("aria-current", "page");
    const tasks = within(await screen.findByRole("region", { name: "Tasks of Frames" }));
    expect(tasks.getByText("Takes of shot 1.3")).toBeInTheDocument();
    expect(tasks.getByText("camera image generator, try 2")).toBeInTheDocument();
    expect(tasks.getAllByText("8.4 s")).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: /^Plan Completed/ }));
    const plan = within(screen.getByRole("region", { name: "Tasks of Plan" }));
    expect(plan.getByText("The plan")).toBeInTheDocument();
  });

  it("show their tasks only when they are opened, and put no more than 100 into the page at once", async () => {
    const tasks = Array.from({ length: 130 }, (_, number) => aTask(`clip/1.${number + 1}`, "pending"));
    const stages: StageBody[] = [{ name: "Clips", state: "pending", progress: 0, tasks, folded: null }];
    const { user } = renderComponent(view(aWorkflow({ stages })));
    await user.click(screen.getByRole("link", { name: "Tasks" }));
    const clips = within(await screen.findByRole("region", { name: "Tasks of Clips" }));
    expect(clips.queryAllByRole("listitem")).toHaveLength(0);
    await user.click(clips.getByRole("button", { name: /^Clips/ }));
    expect(clips.getAllByRole("listitem")).toHaveLength(100);
    await user.click(clips.getByRole("button", { name: "Show 30 more" }));
    expect(clips.getAllByRole("listitem")).toHaveLength(130);
  });

  it("of a paused workflow do not run", () => {
    const stages = aWorkflow().stages.map((stage) => ({
      ...stage,
      tasks: stage.tasks.map((task) =>
        task.state === "running" ? { ...task, state: "pending" as const } : task,
      ),
    }));
    renderComponent(view(aWorkflow({ stages, state: "paused" })));
    expect(screen.getByRole("button", { name: /^Frames Paused/ })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: / Running, / })).not.toBeInTheDocument();
  });

  it("count also the tasks that a large workflow leaves out, and fetch more of them", async () => {
    const folded = { counts: { completed: 4000, pending: 999, failed: 1 }, steps: { clip: "make_clip" } };
    const tasks = [aTask("clip/1.1", "pending")];
    const stages: StageBody[] = [{ name: "Clips", state: "running", progress: 0.8, tasks, folded }];
    const onMoreTasks = vi.fn<Props["onMoreTasks"]>().mockResolvedValue();
    const { user } = renderComponent(view(aWorkflow({ stages, state: "failed" }), { onMoreTasks }));
    expect(screen.getByText(/^One task of Clips failed/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Clips Waiting, 4000 of 5000 tasks done" }));
    expect(await screen.findByText("4,999 more tasks")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show more" }));
    expect(onMoreTasks).toHaveBeenCalledExactlyOnceWith("Clips");
  });

  it("say why more tasks cannot be fetched", async () => {
    const folded = { counts: { completed: 600 }, steps: { clip: "make_clip" } };
    const stages: StageBody[] = [{ name: "Clips", state: "completed", progress: 1, tasks: [], folded }];
    const onMoreTasks = vi.fn<Props["onMoreTasks"]>().mockRejectedValue(ApiError.timedOut());
    const { user } = renderComponent(view(aWorkflow({ stages }), { onMoreTasks }));
    await user.click(screen.getByRole("button", { name: /^Clips/ }));
    await user.click(await screen.findByRole("button", { name: "Show more" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The request timed out. Try again.");
    expect(screen.queryByText(/planned when the stage before it is done/)).not.toBeInTheDocument();
  });

  it("offers the pictures that a large workflow leaves out", async () => {
    const onMoreArtifacts = vi.fn<NonNullable<Props["onMoreArtifacts"]>>().mockResolvedValue();
    const { user } = renderComponent(view(aWorkflow(), { onMoreArtifacts }));
    const sheet = within(await screen.findByRole("region", { name: "Shots" }));
    expect(sheet.getByText("Older pictures are left out.")).toBeInTheDocument();
    await user.click(sheet.getByRole("button", { name: "Show more" }));
    expect(onMoreArtifacts).toHaveBeenCalledOnce();
  });

  it("say when their tasks are not known yet", async () => {
    const stages: StageBody[] = [{ name: "Frames", state: "pending", progress: 0, tasks: [], folded: null }];
    const { user } = renderComponent(view(aWorkflow({ stages })));
    const frames = screen.getByRole("button", { name: "Frames Waiting, its tasks are not known yet" });
    expect(frames).toHaveTextContent("–");
    await user.click(frames);
    expect(await screen.findByText(/planned when the stage before it is done/)).toBeInTheDocument();
  });
});

describe("the activity", () => {
  it("is told newest first, details only on demand", async () => {
    const events = [
      anEvent(1, "workflow_started", { started_at: "" }),
      anEvent(2, "task_started", { task: "plan", agent: "script_planner", attempt: 1, started_at: "" }),
      anEvent(3, "stage_finished", { stage: "Plan", state: "completed" }),
    ];
    const { user } = renderComponent(view(aWorkflow(), { events }));
    await user.click(screen.getByRole("link", { name: "Activity" }));
    const log = within(screen.getByRole("list", { name: "Events, newest first" }));
    expect(log.getAllByRole("listitem").map((entry) => entry.textContent)).toEqual([
      expect.stringContaining("Plan is done"),
      expect.stringContaining("The workflow started"),
    ]);
    await user.click(screen.getByRole("switch", { name: "Details" }));
    expect(log.getByText("Script planner is at work on the plan")).toBeInTheDocument();
  });

  it("shows a long story piece by piece", async () => {
    const events = Array.from({ length: 70 }, (_, index) =>
      anEvent(index + 1, "stage_started", { stage: `S${index}` }),
    );
    const { user } = renderComponent(view(aWorkflow(), { events }));
    await user.click(screen.getByRole("link", { name: "Activity" }));
    expect(screen.queryByText("S0 began")).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show earlier" }));
    expect(screen.getByText("S0 began")).toBeInTheDocument();
  });
});

describe("those who watch as well", () => {
  it("are counted in words that a screen reader reads in full", () => {
    renderComponent(view(aWorkflow(), { watchers: 3 }));
    const words = screen.getByText(/^3 watching/);
    expect(words).toHaveTextContent("3 watching this workflow at this moment, this page included");
  });

  it.each([
    ["it is only this page", 1],
    ["the number has not reached us yet", 0],
    ["the number is unknown", null],
  ])("are not spoken of when %s", (_, watchers) => {
    renderComponent(view(aWorkflow(), { watchers }));
    expect(screen.queryByText(/watching/)).not.toBeInTheDocument();
  });
});

it("shows what the film is made from", async () => {
  const { user } = renderComponent(view(aWorkflow()));
  await user.click(screen.getByRole("link", { name: "Activity" }));
  expect(screen.getByText("A keeper finds a letter.")).toBeInTheDocument();
  expect(screen.getByText("watercolour")).toBeInTheDocument();
});

it("begins with a slate, before anything is drawn", async () => {
  renderComponent(
    view(aWorkflow({ artifacts: [], stages: [], started_at: null, state: "pending", eta: null }), {
      boards: [],
    }),
  );
  expect(screen.getByText(/The first pictures appear here/)).toBeInTheDocument();
  expect(screen.getByText("not started yet")).toBeInTheDocument();
  expect(await screen.findByText(/Shots appear here/)).toBeInTheDocument();
});
