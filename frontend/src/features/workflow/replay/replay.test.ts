import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { applyMessage, type EventMessage, type WorkflowSnapshot } from "@callboard/client";
import { anEvent, aWorkflow } from "@/testing/filmSamples";
import { landmarksOf } from "./landmarks";
import { seqOf, withMoment } from "./moment";
import { playbackTimes, seqAt } from "./playback";
import { ReplayLog } from "./ReplayLog";

/** The samples of tests/contract: real workflows. */
const CONTRACT = process.env["CALLBOARD_CONTRACT_DIR"] ?? "../tests/contract";

interface Sample {
  before: WorkflowSnapshot;
  messages: { type: string }[];
  after: WorkflowSnapshot;
}

function sample(name: string) {
  const { before, messages, after } = JSON.parse(
    readFileSync(join(CONTRACT, `${name}.json`), "utf8"),
  ) as Sample;
  return { before, after, events: messages.filter(({ type }) => type === "event") as EventMessage[] };
}

/** A log of `length` events that only have a number. */
function longLog(length: number): EventMessage[] {
  return Array.from({ length }, (_, index) => ({
    ...anEvent(index + 1, "stage_started", { stage: index % 2 ? "Frames" : "Clips" }),
    timestamp: new Date(Date.UTC(2026, 2, 1, 10) + index * 100).toISOString(),
  }));
}

describe("a replay", () => {
  it.each(["from_start_to_end", "failed_and_retried", "paused_now_in_the_middle", "asked_and_answered"])(
    "shows each moment of %s as one who follows it sees it",
    (name) => {
      const { before, events, after } = sample(name);
      const log = new ReplayLog(before);
      let followed = before;
      for (const event of events) {
        followed = applyMessage(followed, event);
        expect(log.at(event.seq, events)).toEqual(followed);
      }
      const { progress, stages, state, message } = log.at(events.length, events);
      expect({ progress, stages, state, message }).toEqual({
        progress: after.progress,
        stages: after.stages,
        state: after.state,
        message: after.message,
      });
      expect(log.at(0, events)).toEqual(before);
    },
  );

  it("goes back and forth in a long log as if it had gone straight there", () => {
    const events = longLog(1000);
    const log = new ReplayLog(aWorkflow({ seq: 0 }));
    for (const seq of [1000, 3, 555, 554, 999, 0, 400]) {
      expect(log.at(seq, events)).toEqual(new ReplayLog(aWorkflow({ seq: 0 })).at(seq, events));
      expect(log.at(seq, events).seq).toBe(seq);
    }
  });
});

describe("playing", () => {
  it("keeps the time between events, and passes over long gaps", () => {
    const moments = [0, 500, 1500, 60_000, 60_100].map((ms) => new Date(ms).toISOString());
    const events = moments.map((timestamp, index) => ({
      ...anEvent(index + 1, "workflow_paused", {}),
      timestamp,
    }));
    expect(playbackTimes(events)).toEqual([0, 0, 500, 1500, 4500, 4600]);
    expect([0, 499, 500, 4499, 4600, 9000].map((ms) => seqAt(playbackTimes(events), ms))).toEqual([
      1, 1, 2, 3, 5, 5,
    ]);
  });
});

describe("the address of a moment", () => {
  it("names an event; what is none of the log is its end", () => {
    expect(["7", "0", "900", "-1", "x", "", "1.5", null].map((at) => seqOf(at, 50))).toEqual([
      7, 0, 50, 50, 50, 50, 50, 50,
    ]);
  });

  it("keeps what else stands in the address", () => {
    const search = withMoment(new URLSearchParams("view=graph"), 12);
    expect(search.toString()).toBe("view=graph&at=12");
    expect(withMoment(search, null).toString()).toBe("view=graph");
  });
});

it("finds stages, troubles and pauses in a log, and not too many of them", () => {
  const events = [
    anEvent(1, "workflow_failed", { finished_at: "", error: ERROR }),
    ...longLog(2000).slice(1),
  ];
  expect(landmarksOf(events).length).toBeLessThanOrEqual(300);
  expect(landmarksOf(events).at(-1)?.seq).toBe(2000);
  expect(landmarksOf(events.slice(0, 3)).map(({ tone }) => tone)).toEqual(["bad", "accent", "accent"]);
});

const ERROR = { type: "AgentError", message: "No.", retryable: false } as const;
