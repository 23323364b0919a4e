/** Links to pictures in small, which the server makes. Pure. */

/** In pixels; the server makes no others. */
export type ThumbnailWidth = 320 | 640;

/** `url`: the signed link of an artifact that is a picture, `artifact.url`. */
export function thumbnailUrl(url: string, width: ThumbnailWidth): string {
  return `${url}${url.includes("?") ? "&" : "?"}width=${width}`;
}
