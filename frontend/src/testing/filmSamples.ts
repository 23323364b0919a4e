/** A workflow in the middle of its making, for tests: two scenes, five shots, three people. */

import type {
  AgentDetail,
  AgentHistory,
  AgentStatusBody,
  ArtifactBody,
  EventKind,
  EventMessage,
  EventPayloads,
  StageBody,
  TaskBody,
  TaskState,
  WorkflowSnapshot,
} from "@callboard/client";
import type { Storyboard } from "@/features/workflow/shots";
import type { ViewProps } from "@/features/workflow/views/viewProps";

const STARTED = "2026-03-01T10:00:00.000Z";
const FINISHED = "2026-03-01T10:00:08.400Z";

export function aTask(key: string, state: TaskState, more: Partial<TaskBody> = {}): TaskBody {
  const hasRun = state !== "pending";
  return {
    key,
    skill: "shoot_frames",
    agent: hasRun ? "camera_image_generator" : "",
    state,
    progress: state === "completed" ? 1 : 0,
    attempt: hasRun ? 1 : 0,
    started_at: hasRun ? STARTED : null,
    finished_at: state === "completed" || state === "failed" ? FINISHED : null,
    error: null,
    question: "",
    title: "",
    usage: null,
    ...more,
  };
}

export function anArtifact(
  task: string,
  name: string,
  kind: string,
  more: Partial<ArtifactBody> = {},
): ArtifactBody {
  const id = `${task}-${name}`;
  return {
    id,
    name,
    kind,
    task,
    media_type: "image/png",
    url: `/made/${encodeURIComponent(id)}?signature=a`,
    ...more,
  };
}

const SHOTS = ["1.1", "1.2", "1.3", "2.1", "2.2"];

export function aWorkflow(more: Partial<WorkflowSnapshot> = {}): WorkflowSnapshot {
  return {
    id: "7f1c",
    pipeline: "idea2video",
    title: "The lighthouse letter",
    owner: "alice",
    state: "running",
    progress: 0.42,
    stage: "Frames",
    message: "Shot 1.3: drawing the first frame",
    eta: { p10: 21, p50: 29, p90: 46, late: false },
    elapsed: 20,
    queue: null,
    seq: 61,
    waiting_for: null,
    estimated: null,
    rerun_of: null,
    reruns: [],
    input: { idea: "A keeper finds a letter.", scenes: 2, style: "watercolour" },
    stages: [
      stage("Plan", [aTask("plan", "completed", { skill: "plan_idea", agent: "script_planner" })]),
      stage("Script", [aTask("story", "completed", { skill: "write_story", agent: "screenwriter" })]),
      stage("Characters", [
        aTask("portraits/1", "completed", {
          skill: "draw_portraits",
          agent: "character_portraits_generator",
        }),
        aTask("portraits/2", "running", {
          skill: "draw_portraits",
          agent: "character_portraits_generator",
          progress: 0.4,
        }),
      ]),
      stage("Storyboard", [aTask("storyboard/1", "completed"), aTask("storyboard/2", "completed")]),
      stage("Frames", [
        aTask("candidates/1.1", "completed"),
        aTask("candidates/1.2", "completed"),
        aTask("candidates/1.3", "running", { progress: 0.5, attempt: 2 }),
        aTask("candidates/2.1", "pending"),
        aTask("candidates/2.2", "pending"),
      ]),
      stage(
        "Clips",
        SHOTS.map((shot) =>
          aTask(`clip/${shot}`, shot === "1.1" ? "completed" : "pending", { skill: "make_clip" }),
        ),
      ),
      stage("Edit", [aTask("edit", "pending", { skill: "edit_video" })]),
    ],
    artifacts_folded: false,
    usage: null,
    artifacts: [
      anArtifact("portraits/1", "MARA, front.png", "character"),
      anArtifact("portraits/1", "MARA, back.png", "character"),
      anArtifact("portraits/1", "MARA, side.png", "character"),
      anArtifact("candidates/1.1", "take-1-first.png", "frame"),
      anArtifact("frames/1.1", "frame.png", "frame"),
      anArtifact("candidates/1.2", "take-1-first.png", "frame"),
      anArtifact("clip/1.1", "clip.mp4", "clip", { media_type: "video/mp4" }),
    ],
    watchers: 1,
    error: null,
    created_at: STARTED,
    started_at: STARTED,
    finished_at: null,
    ...more,
  };
}

function stage(name: string, tasks: TaskBody[]): StageBody {
  const done = tasks.filter((task) => task.state === "completed").length;
  const isBegun = tasks.some((task) => task.attempt > 0);
  const state = done === tasks.length ? "completed" : isBegun ? "running" : "pending";
  return { name, state, progress: done / tasks.length, tasks, folded: null };
}

/** The same workflow when it failed: two frames could not be drawn. */
export function aFailedWorkflow(): WorkflowSnapshot {
  const workflow = aWorkflow();
  const error = { type: "AgentError", message: "The image model did not answer.", retryable: false } as const;
  return {
    ...workflow,
    state: "failed",
    eta: null,
    elapsed: 0,
    queue: null,
    finished_at: FINISHED,
    error,
    stages: workflow.stages.map((each) =>
      each.name === "Frames"
        ? {
            ...each,
            state: "failed",
            tasks: each.tasks.map((task) =>
              ["candidates/1.3", "candidates/2.1"].includes(task.key)
                ? aTask(task.key, "failed", { error })
                : task,
            ),
          }
        : each,
    ),
  };
}

/** The same workflow when its film was there. */
export function aFinishedWorkflow(): WorkflowSnapshot {
  const workflow = aWorkflow();
  const shots = SHOTS.flatMap((shot) => [
    anArtifact(`frames/${shot}`, "frame.png", "frame"),
    anArtifact(`clip/${shot}`, "clip.mp4", "clip", { media_type: "video/mp4" }),
  ]);
  return {
    ...workflow,
    state: "completed",
    progress: 1,
    eta: null,
    elapsed: 0,
    queue: null,
    finished_at: "2026-03-01T10:00:52.000Z",
    stages: workflow.stages.map((each) => ({
      ...each,
      state: "completed",
      progress: 1,
      tasks: each.tasks.map((task) => ({ ...task, state: "completed", progress: 1, finished_at: FINISHED })),
    })),
    artifacts: [
      ...workflow.artifacts.filter((artifact) => artifact.kind === "character"),
      ...shots,
      anArtifact("screenplay", "screenplay.fountain", "script", { media_type: "text/plain" }),
      anArtifact("screenplay", "screenplay.fdx", "script", { media_type: "application/xml" }),
      anArtifact("edit", "the-lighthouse-letter.mp4", "video", { media_type: "video/mp4" }),
      anArtifact("edit", "poster.jpg", "poster", { media_type: "image/jpeg" }),
      anArtifact("edit", "captions.vtt", "captions", { media_type: "text/vtt" }),
      anArtifact("storyboard_print", "storyboard.pdf", "storyboard", { media_type: "application/pdf" }),
    ],
  };
}

export const BOARDS: Storyboard[] = [
  {
    scene: 1,
    heading: "INT. LIGHTHOUSE KITCHEN - NIGHT",
    shots: [
      boardShot("1.1", "Mara wipes the lamp; the storm leans on the window.", "wide", "push_in"),
      boardShot("1.2", "The bottle rolls against her boot.", "close_up", "hold"),
      boardShot("1.3", "She reads the letter by the light of the stove.", "medium", "tilt_down"),
    ],
  },
  {
    scene: 2,
    heading: "EXT. LIGHTHOUSE - NIGHT",
    shots: [
      boardShot("2.1", "Tomas, soaked, at the door.", "full", "hold"),
      boardShot("2.2", "The beam sweeps out over the water and finds the ship.", "extreme_wide", "pan_right"),
    ],
  },
];

function boardShot(id: string, description: string, size: string, move: string) {
  const dialogue = id === "2.1" ? [{ character: "TOMAS", text: "You have to light it. Now." }] : [];
  const pictures = { first_frame: `${description} It begins.`, last_frame: `${description} It ends.` };
  return { id, description, size, move, angle: "eye_level", seconds: 4, caption: "", dialogue, ...pictures };
}

export function anEvent<Kind extends EventKind>(
  seq: number,
  kind: Kind,
  data: EventPayloads[Kind],
): EventMessage {
  return { type: "event", workflow_id: "7f1c", seq, timestamp: STARTED, kind, data } as EventMessage;
}

export function anAgent(name: string, more: Partial<AgentStatusBody> = {}): AgentStatusBody {
  return {
    agent_name: name,
    timestamp: STARTED,
    status: "idle",
    metrics: { message_count: 42, error_count: 0, error_rate: 0, avg_execution_time: 1.23, is_healthy: true },
    kind: "crew",
    description: "Does its part of the film.",
    skills: [{ id: `do_${name}`, name: `Do ${name}`, description: "What it does." }],
    is_enabled: true,
    enabled: true,
    draining: false,
    weight: 1,
    jobs: null,
    in_flight: 0,
    max_concurrent: 4,
    last_error: "",
    by: "",
    reason: "",
    last_seen_at: STARTED,
    ...more,
  };
}

/** What `GET /api/agents/<name>/` answers. */
export function anAgentDetail(name: string, more: Partial<AgentDetail> = {}): AgentDetail {
  return { ...anAgent(name), jobs: [], skills: [], samples: [], changes: [], ...more };
}

/** A day with two samples of five minutes. */
export function aHistory(name: string, more: Partial<AgentHistory> = {}): AgentHistory {
  const sample = { calls: 3, errors: 1, total_seconds: 6, max_seconds: 4, p50: 1.5, p95: 4 };
  return {
    agent_name: name,
    hours: 24,
    seconds: 300,
    calls: 6,
    errors: 2,
    p50: 1.5,
    p95: 4,
    samples: [
      { minute: new Date(Date.now() - 7_200_000).toISOString(), ...sample },
      { minute: new Date(Date.now() - 3_600_000).toISOString(), ...sample },
    ],
    ...more,
  };
}

/** What a view of the workflow is given, with nothing that could be fetched. */
export function viewOf(workflow: WorkflowSnapshot): ViewProps {
  return {
    workflow,
    boards: [],
    events: [],
    onMoreTasks: () => Promise.resolve(),
    onRetryTask: null,
    onMoreArtifacts: null,
  };
}
