/** Which square of a picture is used, and how it is shown in a frame. Pure. */

export interface Size {
  width: number;
  height: number;
}

/** The middle of the square, as shares of the picture, and how many times smaller it is than the largest one. */
export interface Crop {
  x: number;
  y: number;
  zoom: number;
}

export interface Square {
  left: number;
  top: number;
  side: number;
}

export const MOST_ZOOM = 6;
/** A head is rather in the upper part of a picture. */
export const FIRST_CROP: Crop = { x: 0.5, y: 0.42, zoom: 1 };
/** Pixels that are sent at most of a side: the server keeps no more. */
export const LONGEST_SIDE = 1024;

/** The square in pixels of the picture; it never leaves it. */
export function squareOf({ x, y, zoom }: Crop, { width, height }: Size): Square {
  const side = Math.min(width, height) / within(zoom, 1, MOST_ZOOM);
  return {
    left: within(x * width - side / 2, 0, width - side),
    top: within(y * height - side / 2, 0, height - side),
    side,
  };
}

/** The crop after the picture was dragged by so many shares of the frame. */
export function dragged(crop: Crop, size: Size, across: number, down: number): Crop {
  const { left, top, side } = squareOf(crop, size);
  return settled(
    {
      ...crop,
      x: (left + side / 2 - across * side) / size.width,
      y: (top + side / 2 - down * side) / size.height,
    },
    size,
  );
}

/** The same crop with its middle where its square really is. */
export function settled(crop: Crop, size: Size): Crop {
  const { left, top, side } = squareOf(crop, size);
  return {
    zoom: within(crop.zoom, 1, MOST_ZOOM),
    x: (left + side / 2) / size.width,
    y: (top + side / 2) / size.height,
  };
}

/** The size of a picture that is loaded. */
export function sizeOf({ naturalWidth, naturalHeight }: HTMLImageElement): Size {
  return { width: naturalWidth, height: naturalHeight };
}

/** How large the whole picture is sent. */
export function scaled({ width, height }: Size): Size {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
