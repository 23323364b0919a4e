/** Checks applyMessage against snapshots that the Python twin wrote into tests/contract. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";

import { addTasks, applyMessage, taskCount, type SnapshotMessage } from "./applyMessage";
import type {
  ErrorBody,
  EventKind,
  EventMessage,
  EventPayloads,
  ProgressMessage,
  TaskState,
  WorkflowSnapshot,
} from "./messages.gen";
import { task, workflow } from "@/testing/samples";

interface Sample {
  name: string;
  before: WorkflowSnapshot;
  messages: SnapshotMessage[];
  after: WorkflowSnapshot;
}

const FOLDER = process.env["CALLBOARD_CONTRACT_DIR"] ?? "../tests/contract";

function samples(): Sample[] {
  if (!existsSync(FOLDER)) return [];
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return files.flatMap((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Sample | Sample[]);
}

describe("the samples of the Python twin", () => {
  it("are there", () => {
    expect(samples(), `No samples in ${FOLDER}; set CALLBOARD_CONTRACT_DIR.`).not.toHaveLength(0);
  });

  it("tell of every type of message that changes a snapshot", () => {
    const types = new Set(samples().flatMap(({ messages }) => messages.map(({ type }) => type)));
    expect([...types].toSorted()).toEqual(["event", "progress", "watchers"]);
  });

  test.each(samples())("$name: snapshot + messages == later snapshot", ({ before, messages, after }) => {
    expect(messages.reduce(applyMessage, before)).toEqual(after);
  });
});

describe("a message that comes twice", () => {
  test.each(samples())("$name: changes nothing", ({ before, messages, after }) => {
    const twice = messages.flatMap((message) => [message, message]);
    expect(twice.reduce(applyMessage, before)).toEqual(after);
  });
});

function event<Kind extends EventKind>(kind: Kind, data: EventPayloads[Kind], seq = 11): EventMessage {
  return { type: "event", workflow_id: "w1", seq, kind, data, timestamp: "" } as EventMessage;
}

function progress(change: Partial<ProgressMessage>): ProgressMessage {
  const base = {
    type: "progress",
    workflow_id: "w1",
    state: "running",
    progress: 0.25,
    stage: "Script",
  } as const;
  return {
    ...base,
    message: "",
    eta: null,
    elapsed: 0,
    queue: null,
    waiting_for: null,
    seq: 10,
    tasks: {},
    merged: 0,
    timestamp: "",
    ...change,
  };
}

it("says what a workflow waits for, as long as the newest progress does", () => {
  const reason = {
    kind: "agent",
    text: "Camera: switched off",
    until: null,
    agent: "camera",
    task: "plan",
  } as const;
  const waiting = applyMessage(workflow(), progress({ waiting_for: reason }));
  expect(waiting.waiting_for).toEqual(reason);
  expect(applyMessage(waiting, progress({})).waiting_for).toBeNull();
});

function taskOf(snapshot: WorkflowSnapshot, key: string) {
  return snapshot.stages.flatMap(({ tasks }) => tasks).find((each) => each.key === key);
}

const ERROR: ErrorBody = { type: "AgentError", message: "No ink.", retryable: false };

describe("the workflow", () => {
  it("starts, pauses, resumes", () => {
    let now = applyMessage(workflow({ state: "pending" }), event("workflow_started", { started_at: "T1" }));
    expect(now).toMatchObject({ state: "running", started_at: "T1", seq: 11 });
    now = applyMessage(now, event("workflow_pausing", { mode: "drain", in_flight: ["story"] }, 12));
    expect(now.state).toBe("pausing");
    now = applyMessage(now, event("workflow_paused", {}, 13));
    expect(now.state).toBe("paused");
    now = applyMessage({ ...now, error: ERROR, finished_at: "T2" }, event("workflow_resumed", {}, 14));
    expect(now).toMatchObject({ state: "running", error: null, finished_at: null, seq: 14 });
  });

  it("fails with its error, and completes with all of its progress", () => {
    const failed = applyMessage(workflow(), event("workflow_failed", { finished_at: "T3", error: ERROR }));
    expect(failed).toMatchObject({ state: "failed", error: ERROR, finished_at: "T3" });
    const completed = applyMessage(workflow(), event("workflow_completed", { finished_at: "T3" }));
    expect(completed).toMatchObject({ state: "completed", progress: 1, finished_at: "T3" });
  });

  it("cancels its unfinished tasks when it is cancelled", () => {
    const cancelling = applyMessage(workflow(), event("workflow_cancelling", { in_flight: [] }));
    expect(cancelling.state).toBe("cancelling");
    cancelling.stages[1] = {
      name: "Frames",
      state: "completed",
      progress: 1,
      tasks: [task("a", { state: "completed" })],
      folded: null,
    };
    const cancelled = applyMessage(cancelling, event("workflow_cancelled", { finished_at: "T3" }, 12));
    expect(cancelled).toMatchObject({
      state: "cancelled",
      finished_at: "T3",
      stages: [
        { state: "cancelled", tasks: [{ state: "cancelled" }, { state: "cancelled" }] },
        { state: "completed", tasks: [{ state: "completed" }] },
      ],
    });
  });

  it("is not changed by a request or its outcome, which only count", () => {
    const asked = { request_id: "r", action: "pause", by: "alice" } as const;
    const messages = [
      event("control_requested", { ...asked, mode: "drain", task: "", why: "" }, 11),
      event("control_resolved", { ...asked, outcome: "applied", state: "paused", reason: "" }, 12),
    ];
    expect(messages.reduce(applyMessage, workflow())).toEqual(workflow({ seq: 12 }));
  });

  it("counts an event of a kind that a newer server knows", () => {
    const unknown = {
      ...event("workflow_paused", {}),
      kind: "workflow_applauded",
    } as unknown as EventMessage;
    expect(applyMessage(workflow(), unknown)).toEqual(workflow({ seq: 11 }));
  });
});

describe("stages and tasks", () => {
  it("begin and end", () => {
    const begun = applyMessage(workflow(), event("stage_started", { stage: "Frames" }));
    expect(begun.stages.map(({ state }) => state)).toEqual(["running", "running"]);
    const ended = applyMessage(begun, event("stage_finished", { stage: "Script", state: "failed" }, 12));
    expect(ended.stages.map(({ state }) => state)).toEqual(["failed", "running"]);
  });

  it("are added at their positions", () => {
    const grown = (key: string, position: number) => ({ stage: "Script", position, task: task(key) });
    const tasks = [
      grown("second", 1),
      grown("first", 0),
      { stage: "Frames", position: 0, task: task("frame") },
    ];
    const { stages } = applyMessage(workflow(), event("plan_grew", { tasks }));
    expect(stages.map((stage) => stage.tasks.map(({ key }) => key))).toEqual([
      ["first", "second", "story", "scene/1"],
      ["frame"],
    ]);
  });

  it("start, fail, are retried and finish; the stage's progress is the mean of theirs", () => {
    const start = { task: "story", agent: "screenwriter", attempt: 1, started_at: "T1" };
    let now = applyMessage(workflow(), event("task_started", start));
    expect(taskOf(now, "story")).toMatchObject({
      state: "running",
      agent: "screenwriter",
      attempt: 1,
      progress: 0,
    });
    now = applyMessage(
      now,
      event("task_failed", { task: "story", attempt: 1, finished_at: "T2", error: ERROR }, 12),
    );
    expect(taskOf(now, "story")).toMatchObject({ state: "failed", progress: 0, error: ERROR });
    now = applyMessage(
      now,
      event("task_retrying", { task: "story", reason: "asked", delay_seconds: 0, error: null }, 13),
    );
    expect(taskOf(now, "story")).toMatchObject({
      state: "pending",
      progress: 0,
      finished_at: null,
      error: null,
    });
    now = applyMessage(now, event("task_started", { ...start, attempt: 2 }, 14));
    const end = {
      task: "story",
      agent: "screenwriter",
      attempt: 2,
      finished_at: "T3",
      seconds: 1,
      message: "",
    };
    now = applyMessage(now, event("task_finished", end, 15));
    expect(taskOf(now, "story")).toMatchObject({
      state: "completed",
      attempt: 2,
      progress: 1,
      finished_at: "T3",
    });
    expect(now.stages[0]?.progress).toBe(0.5);
  });
});

describe("artifacts", () => {
  const frame = {
    id: "a1",
    name: "frame.png",
    kind: "frame",
    media_type: "image/png",
    task: "scene/1",
    url: "/1",
  };

  it("are added, and a newer one of the same task and name takes the older one's place", () => {
    const other = { ...frame, id: "a2", task: "story" };
    const newer = { ...frame, id: "a3", url: "/3" };
    const messages = [frame, other, newer].map((artifact, i) =>
      event("artifact_ready", { artifact }, 11 + i),
    );
    expect(messages.reduce(applyMessage, workflow()).artifacts).toEqual([newer, other]);
  });
});

describe("progress", () => {
  it("says where the workflow and its running tasks stand", () => {
    const eta = { p10: 2, p50: 3, p90: 4, late: false };
    const message = progress({
      progress: 0.5,
      message: "Scene 2",
      stage: "Frames",
      eta,
      elapsed: 7,
      tasks: { "scene/1": 0.5, story: 0.9 },
    });
    const now = applyMessage(workflow(), message);
    expect(now).toMatchObject({ progress: 0.5, message: "Scene 2", stage: "Frames", eta, elapsed: 7 });
    expect(taskOf(now, "scene/1")?.progress).toBe(0.5);
    expect(taskOf(now, "story")?.progress).toBe(0); // it does not run
    expect(now.stages[0]?.progress).toBe(0.25);
  });

  it("never goes back", () => {
    const ahead = applyMessage(workflow(), progress({ progress: 0.5, tasks: { "scene/1": 0.5 } }));
    const now = applyMessage(ahead, progress({ progress: 0.4, tasks: { "scene/1": 0.3 } }));
    expect(now.progress).toBe(0.5);
    expect(taskOf(now, "scene/1")?.progress).toBe(0.5);
  });

  it("is ignored when it is older than the last event", () => {
    const paused = applyMessage(workflow(), event("workflow_paused", {}));
    expect(applyMessage(paused, progress({ seq: 10, progress: 0.9 }))).toBe(paused);
  });

  it("keeps the identity of unchanged parts, so that React does not render them again", () => {
    const before = workflow();
    const now = applyMessage(before, progress({ progress: 0.5 }));
    expect(now.stages[0]).toBe(before.stages[0]);
  });
});

describe("a stage that is folded", () => {
  const started = { agent: "camera", attempt: 1, started_at: "T2" };
  const finished = { agent: "camera", attempt: 1, finished_at: "T3", seconds: 1, message: "" };

  /** One of a hundred tasks is shown. */
  function folded(state: TaskState = "running") {
    const counts = { completed: 50, failed: 9, pending: 40, running: 1 };
    const tasks = [task("clip/2.1", { state, progress: 0.5 })];
    const stage = { name: "Clips", state: "running", progress: 0.505, tasks } as const;
    return workflow({ stages: [{ ...stage, folded: { counts, steps: { clip: "make_clip" } } }] });
  }

  function clips(snapshot: WorkflowSnapshot) {
    const [stage] = snapshot.stages;
    if (!stage) throw new Error("There is no stage.");
    return stage;
  }

  it("shows a task that begins, in its place, and counts it where it is now", () => {
    const [one, two] = [
      event("task_started", { task: "clip/1.10", ...started }),
      event("task_started", { task: "clip/10.1", ...started }, 12),
    ];
    const now = clips([one, two].reduce(applyMessage, folded()));
    expect(now.tasks.map(({ key }) => key)).toEqual(["clip/1.10", "clip/2.1", "clip/10.1"]);
    expect(now.tasks[0]).toEqual(task("clip/1.10", { skill: "make_clip", state: "running", ...started }));
    expect(now.folded?.counts).toEqual({ completed: 50, failed: 9, pending: 38, running: 3 });
    const done = clips(
      applyMessage(
        applyMessage(folded(), one),
        event("task_finished", { task: "clip/1.10", ...finished }, 12),
      ),
    );
    expect(done.folded?.counts).toEqual({ completed: 51, failed: 9, pending: 39, running: 1 });
    expect(done.progress).toBe(0.515);
  });

  it("counts a task that was folded away and is retried, or fails before it begins", () => {
    const retried = clips(
      applyMessage(
        folded(),
        event("task_retrying", { task: "clip/9.9", reason: "asked", delay_seconds: 0, error: null }),
      ),
    );
    expect(retried.folded?.counts).toEqual({ completed: 50, failed: 8, pending: 41, running: 1 });
    const failed = clips(
      applyMessage(
        folded(),
        event("task_failed", { task: "clip/9.9", attempt: 0, finished_at: "T3", error: ERROR }),
      ),
    );
    expect(failed.folded?.counts).toEqual({ completed: 50, failed: 10, pending: 39, running: 1 });
    expect(failed.tasks.at(-1)).toMatchObject({ key: "clip/9.9", state: "failed", error: ERROR });
  });

  it("counts what its plan grew by", () => {
    const grown = [{ stage: "Clips", position: 0, task: task("sound/1.1", { skill: "make_sound" }) }];
    const now = applyMessage(folded(), event("plan_grew", { tasks: grown }));
    expect(taskCount(clips(now))).toBe(101);
    expect(clips(now).tasks).toHaveLength(1);
    const begun = applyMessage(now, event("task_started", { task: "sound/1.1", ...started }, 12));
    expect(clips(begun).tasks[0]).toMatchObject({ key: "sound/1.1", skill: "make_sound", state: "running" });
  });

  it("is cancelled with its workflow, also what is not shown", () => {
    const now = clips(applyMessage(folded(), event("workflow_cancelled", { finished_at: "T3" })));
    expect(taskCount(now, "cancelled")).toBe(41);
    expect(taskCount(now, "pending") + taskCount(now, "running")).toBe(0);
    expect(now).toMatchObject({ state: "cancelled", progress: 0.5, tasks: [{ state: "cancelled" }] });
  });

  it("takes the tasks of a page, but not those that it knows better", () => {
    const page = {
      tasks: [task("clip/1.1", { state: "completed", progress: 1 }), task("clip/2.1")].map((each) => ({
        stage: "Clips",
        task: each,
      })),
      next: null,
      seq: 9,
    };
    const now = clips(addTasks(folded(), page));
    expect(now.tasks).toMatchObject([
      { key: "clip/1.1", state: "completed" },
      { key: "clip/2.1", state: "running" },
    ]);
    expect(taskCount(now)).toBe(100);
    expect(now.progress).toBe(0.505);
  });
});

describe("watchers", () => {
  it("are as many as the newest message says, and change nothing else", () => {
    const told = (watchers: number) =>
      ({ type: "watchers", workflow_id: "w1", watchers, merged: 0, timestamp: "" }) as const;
    const before = workflow({ watchers: 1 });
    const now = [told(4), told(2)].reduce(applyMessage, before);
    expect(now).toEqual(workflow({ watchers: 2 }));
    expect(now.stages).toBe(before.stages);
  });
});
