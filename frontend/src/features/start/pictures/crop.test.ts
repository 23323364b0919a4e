import { describe, expect, it } from "vitest";

import { dragged, FIRST_CROP, scaled, settled, squareOf } from "./crop";

const TALL = { width: 300, height: 400 };

describe("crop", () => {
  it("is the largest square at first, and never leaves the picture", () => {
    expect(squareOf(FIRST_CROP, TALL)).toEqual({ left: 0, top: 18, side: 300 });
    expect(squareOf({ x: 1, y: 1, zoom: 3 }, TALL)).toEqual({ left: 200, top: 300, side: 100 });
    expect(squareOf({ x: -5, y: 9, zoom: 0.1 }, TALL)).toEqual({ left: 0, top: 100, side: 300 });
  });

  it("follows the pointer, and begins at the edge where it has been pushed against it", () => {
    const crop = { x: 0.5, y: 0.5, zoom: 3 };
    expect(squareOf(dragged(crop, TALL, -0.5, 0.25), TALL)).toEqual({ left: 150, top: 125, side: 100 });
    const pushed = dragged(crop, TALL, -50, 0);
    expect(squareOf(dragged(pushed, TALL, 0.1, 0), TALL).left).toBeCloseTo(190);
    expect(settled({ x: 9, y: 9, zoom: 99 }, TALL)).toEqual({ x: 275 / 300, y: 375 / 400, zoom: 6 });
  });

  it("sends no more pixels than are kept", () => {
    expect(scaled({ width: 4000, height: 3000 })).toEqual({ width: 1024, height: 768 });
    expect(scaled({ width: 300, height: 1 })).toEqual({ width: 300, height: 1 });
  });
});
