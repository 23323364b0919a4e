import { expect, it } from "vitest";

import { filmStyle } from "./filmFormat";

it("takes a film's shape from its input; one that says nothing of use is wide", () => {
  const ratios = ["9:16", "1:1", "16:9", undefined, "4:3", 3, "constructor"].map(
    (format) => Object.values(filmStyle({ input: { format } }))[0] as unknown,
  );
  expect(ratios).toEqual(["9 / 16", "1 / 1", ...Array.from({ length: 5 }, () => "16 / 9")]);
});
