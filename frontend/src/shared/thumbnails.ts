/** The address of a smaller version (WebP) of a picture: `url` is the signed link of an artifact. */
export function thumbnailUrl(url: string, width: 320 | 640): string {
  return `${url}${url.includes("?") ? "&" : "?"}width=${width}`;
}
