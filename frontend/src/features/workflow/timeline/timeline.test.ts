import { describe, expect, it } from "vitest";

import type { EventKind, EventMessage, EventPayloads } from "@callboard/client";
import { anEvent } from "@/testing/filmSamples";
import { attemptsOf, type Attempt } from "./attempts";
import { barsOf, countsOf, lookOf } from "./bars";
import { lanesOf } from "./lanes";
import { nextAttempt } from "./nextAttempt";
import { FOLD_WIDTH, timeScale } from "./timeScale";

const ERROR = { type: "AgentError", message: "The lens is broken.", retryable: true } as const;

function at(seconds: number): string {
  return new Date(Date.UTC(2026, 2, 1, 10) + seconds * 1000).toISOString();
}

/** A log, from [second, kind, payload]. */
function logOf(
  ...happenings: { [Kind in EventKind]: [number, Kind, EventPayloads[Kind]] }[EventKind][]
): EventMessage[] {
  return happenings.map(([seconds, kind, data], index) => ({
    ...anEvent(index + 1, kind, data),
    timestamp: at(seconds),
  }));
}

function started(
  task: string,
  seconds: number,
  attempt = 1,
  agent = "camera",
): [number, "task_started", EventPayloads["task_started"]] {
  return [seconds, "task_started", { task, agent, attempt, started_at: at(seconds) }];
}

function anAttempt(start: number, end: number | null, change: Partial<Attempt> = {}): Attempt {
  const base = {
    task: "clip",
    agent: "camera",
    number: 1,
    outcome: "completed",
    stalls: [],
    message: "",
    reason: "",
  } as const;
  return { ...base, id: `clip#${start}`, start, end, seq: start, ...change, stalls: change.stalls ?? [] };
}

describe("the attempts of a log", () => {
  it("are told apart by what came of them", () => {
    const attempts = attemptsOf(
      logOf(
        started("a", 0),
        [
          2,
          "task_finished",
          { task: "a", agent: "camera", attempt: 1, finished_at: at(2), seconds: 2, message: "Done." },
        ],
        started("b", 2),
        [3, "task_retrying", { task: "b", reason: "error", delay_seconds: 1, error: ERROR }],
        started("b", 4, 2),
        [5, "task_retrying", { task: "b", reason: "lost", delay_seconds: 0, error: null }],
        started("b", 6, 3),
        [7, "task_retrying", { task: "b", reason: "paused", delay_seconds: 0, error: null }],
        started("b", 8, 4),
        [9, "task_failed", { task: "b", attempt: 4, finished_at: at(9), error: ERROR }],
        started("c", 9),
        [10, "input_required", { task: "c", agent: "camera", attempt: 1, question: "Which?", until: at(99) }],
        started("d", 11),
        [12, "workflow_cancelled", { finished_at: at(12) }],
      ),
    );
    expect(attempts.map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual([
      ["a#1", "completed", ""],
      ["b#1", "retried", "The lens is broken."],
      ["b#2", "lost", "Its process died."],
      ["b#3", "paused", "It was stopped by a pause."],
      ["b#4", "failed", "The lens is broken."],
      ["c#1", "asked", "Which?"],
      ["d#1", "cancelled", "It was cancelled."],
    ]);
    expect(attempts[0]).toMatchObject({ message: "Done.", start: Date.parse(at(0)), end: Date.parse(at(2)) });
  });

  it("show for how long one gave no sign of life", () => {
    const stall = { task: "a", agent: "camera", attempt: 1 };
    const log = logOf(
      started("a", 0),
      [25, "task_stalled", { ...stall, silent_since: at(5) }],
      [30, "task_resumed", stall],
    );
    expect(attemptsOf(log.slice(0, 2)).map(lookOf)).toEqual(["stalled"]);
    const [one] = attemptsOf(log);
    expect(one && lookOf(one)).toBe("running");
    expect(one?.stalls).toEqual([{ from: Date.parse(at(5)), to: Date.parse(at(30)) }]);
  });
});

it("gives an agent as many rows as it did things at once", () => {
  const lanes = lanesOf([
    anAttempt(0, 10),
    anAttempt(5, 15),
    anAttempt(10, 20),
    anAttempt(12, null, { agent: "editor" }),
  ]);
  expect(lanes.map(({ agent, rows }) => [agent, rows.map((row) => row.map(({ start }) => start))])).toEqual([
    ["camera", [[0, 10], [5]]],
    ["editor", [[12]]],
  ]);
});

describe("the scale of time", () => {
  const HOUR = 3_600_000;

  it("gives a night in which nothing ran no more room than a short wait", () => {
    const late = [anAttempt(0, 1000), anAttempt(1000, 2000), anAttempt(10 * HOUR, 10 * HOUR + 2000)];
    const scale = timeScale(late, 0, 400 + FOLD_WIDTH, null);
    expect(scale.width).toBeCloseTo(400 + FOLD_WIDTH);
    expect(scale.folds).toEqual([{ x: 200, from: 2000, to: 10 * HOUR }]);
    expect([0, 1000, 2000, 5 * HOUR, 10 * HOUR, 10 * HOUR + 2000].map(scale.x)).toEqual([
      0,
      100,
      200,
      200,
      200 + FOLD_WIDTH,
      400 + FOLD_WIDTH,
    ]);
  });

  it("does not fold while anything runs, however long", () => {
    expect(timeScale([anAttempt(0, 5000), anAttempt(100, HOUR)], 0, 400, null).folds).toEqual([]);
  });

  it("grows with what runs", () => {
    const running = [anAttempt(0, null)];
    expect(timeScale(running, 60_000, 400, 0.01).width).toBe(600);
    expect(timeScale(running, 120_000, 400, 0.01).width).toBe(1200);
  });

  it("writes times that do not run into each other", () => {
    const ticks = timeScale([anAttempt(0, HOUR)], 0, 900, null).ticks.map(({ x }) => x);
    expect(ticks.length).toBeGreaterThan(3);
    ticks.slice(1).forEach((x, index) => expect(x - (ticks[index] ?? 0)).toBeGreaterThan(60));
  });
});

describe("what is drawn of 5,000 attempts", () => {
  const row = Array.from({ length: 5000 }, (_, index) =>
    anAttempt(index * 1000, index * 1000 + 900, index === 2500 ? { outcome: "failed" } : {}),
  );

  it("is no more than there is room for, and shows the one that has failed", () => {
    const bars = barsOf(row, timeScale(row, 0, 900, null), 0, 0, 900);
    expect(bars.length).toBeLessThan(320);
    expect(bars.flatMap(({ attempts }) => attempts)).toHaveLength(5000);
    const failed = bars.find(({ look }) => look === "failed");
    expect(failed && countsOf(failed.attempts)).toMatch(/^\d+ attempts: \d+ completed, 1 failed/);
  });

  it("is what is in sight when it is drawn large", () => {
    const scale = timeScale(row, 0, 900, 0.1);
    const bars = barsOf(row, scale, 0, 100_000, 100_900);
    expect(bars.map(({ attempts }) => attempts.length)).toEqual(bars.map(() => 1));
    expect(bars.length).toBeLessThan(12);
    expect(bars[0]?.attempts[0]?.start).toBeGreaterThanOrEqual(999_000);
  });
});

it("follows the arrow keys along a lane, and from lane to lane at the same time", () => {
  const [first, second, other] = [
    anAttempt(0, 10),
    anAttempt(20, 30),
    anAttempt(21, 25, { agent: "editor" }),
  ];
  const lanes = lanesOf([first, second, other]);
  const go = (from: Attempt | undefined, key: string) => nextAttempt(lanes, from, key);
  expect(go(undefined, "ArrowRight")).toBe(first);
  expect(go(first, "ArrowRight")).toBe(second);
  expect(go(second, "ArrowDown")).toBe(other);
  expect(go(other, "ArrowUp")).toBe(second);
  expect(go(second, "Home")).toBe(first);
  expect(go(first, "ArrowLeft")).toBeUndefined();
  expect(go(first, "x")).toBeUndefined();
});
