import { expect, it } from "vitest";

import type { FilmUsage } from "../messages.gen";
import { formatFilmUsage, formatUsage } from "./formatUsage";

const NONE: FilmUsage = {
  calls: 1,
  prompt_tokens: 0,
  completion_tokens: 0,
  pictures: 0,
  video_seconds: 0,
  speech_characters: 0,
  cost: null,
  currency: "USD",
  unpriced_calls: 0,
  budget: null,
};

it.each([
  [
    { prompt_tokens: 12_000, completion_tokens: 340, pictures: 14, cost: 0.42 },
    "12,340 tokens, 14 pictures, about $0.42",
  ],
  [
    { pictures: 1, video_seconds: 8, speech_characters: 1200 },
    "1 picture, 8 s of video, 1,200 spoken characters",
  ],
  [{ prompt_tokens: 900, cost: 0.000_135 }, "900 tokens, about $0.00014"],
  [{ pictures: 3, cost: 0.08, currency: "EUR", unpriced_calls: 1 }, "3 pictures, at least €0.08"],
  [{ calls: 2 }, "2 calls"],
])("what %o took reads %s", (change, words) => {
  expect(formatUsage({ ...NONE, ...change })).toBe(words);
});

it("says what a film may cost", () => {
  const usage = { ...NONE, pictures: 30, cost: 1.2, budget: 2 };
  expect(formatFilmUsage(usage)).toBe("30 pictures, about $1.20 (budget $2.00)");
});
