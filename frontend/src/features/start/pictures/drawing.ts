/** Draws the part of a picture that is sent: small, and without what the camera wrote into the file. */
import { LONGEST_SIDE, scaled, sizeOf, squareOf, type Crop } from "./crop";

const QUALITY = 0.92;

/** The square of the crop; without one, the whole picture. Rejects when the browser cannot draw it. */
export function drawn(image: HTMLImageElement, crop: Crop | null): Promise<Blob> {
  const size = sizeOf(image);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) return Promise.reject(new Error("There is no canvas."));
  if (crop) {
    const { left, top, side } = squareOf(crop, size);
    canvas.width = canvas.height = Math.max(1, Math.min(LONGEST_SIDE, Math.round(side)));
    paper(context, canvas);
    context.drawImage(image, left, top, side, side, 0, 0, canvas.width, canvas.height);
  } else {
    Object.assign(canvas, scaled(size));
    paper(context, canvas);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("It could not be drawn."))),
      "image/jpeg",
      QUALITY,
    ),
  );
}

/** White behind what is transparent: JPEG has no transparency. */
function paper(context: CanvasRenderingContext2D, { width, height }: HTMLCanvasElement) {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
}
