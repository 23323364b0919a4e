import { describe, expect, it } from "vitest";

import { formatTimeAgo, formatElapsed, secondsBetween, formatTimeLeft, formatDuration } from "./formatTime";

describe("the time that is left", () => {
  it.each([
    [{ p50: 29, p90: 46 }, "about 30–45 s left"],
    [{ p50: 31.4, p90: 31.9 }, "about 30 s left"],
    [{ p50: 2, p90: 4 }, "a few seconds left"],
    [{ p50: 0, p90: 0 }, "a few seconds left"],
    [{ p50: 70, p90: 140 }, "about 1½–2½ min left"],
    [{ p50: 400, p90: 830 }, "about 6–14 min left"],
    [{ p50: 900, p90: 880 }, "about 15 min left"],
  ])("of %o reads %s", (eta, words) => {
    expect(formatTimeLeft(eta)).toBe(words);
  });

  it("does not change its words for a second more or less", () => {
    expect(formatTimeLeft({ p50: 29, p90: 46 })).toBe(formatTimeLeft({ p50: 30, p90: 45 }));
  });
});

it.each([
  [7, "0:07"],
  [725, "12:05"],
  [3753, "1:02:33"],
  [-4, "0:00"],
])("%d seconds on a clock are %s", (seconds, words) => {
  expect(formatElapsed(seconds)).toBe(words);
});

it.each([
  [0.44, "0.4 s"],
  [12.4, "12 s"],
  [200, "3 min 20 s"],
])("what took %d seconds took %s", (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

it("says how long ago in the unit that people would use", () => {
  const now = Date.parse("2026-03-10T12:00:00Z");
  const before = (seconds: number) => formatTimeAgo(new Date(now - seconds * 1000).toISOString(), now);
  expect(before(10)).toBe("just now");
  expect(before(300)).toBe("5 min ago");
  expect(before(7200)).toBe("2 h ago");
  expect(before(100_000)).toBe("yesterday");
  expect(before(9 * 86_400)).toMatch(/1/);
});

it("never counts backwards", () => {
  expect(secondsBetween("2026-03-10T12:00:00Z", "2026-03-10T11:00:00Z")).toBe(0);
});
