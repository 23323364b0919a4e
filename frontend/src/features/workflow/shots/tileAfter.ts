/** The tile that an arrow key leads to: the next one, or the nearest in the row above or below. */
export function tileAfter(tiles: HTMLElement[], from: HTMLElement, key: string): HTMLElement | undefined {
  const index = tiles.indexOf(from);
  switch (key) {
    case "ArrowRight":
      return tiles[index + 1];
    case "ArrowLeft":
      return tiles[index - 1];
    case "ArrowDown":
      return nearestInNextRow(tiles.slice(index + 1), from);
    case "ArrowUp":
      return nearestInNextRow(tiles.slice(0, Math.max(0, index)).toReversed(), from);
    case "Home":
      return tiles[0];
    case "End":
      return tiles.at(-1);
    default:
      return undefined;
  }
}

/** `others`: the nearest first. */
function nearestInNextRow(others: HTMLElement[], from: HTMLElement): HTMLElement | undefined {
  const here = from.getBoundingClientRect();
  let row: number | null = null;
  let nearest: { tile: HTMLElement; distance: number } | undefined;
  for (const tile of others) {
    const { top, left } = tile.getBoundingClientRect();
    if (Math.abs(top - here.top) < 1) continue;
    row ??= top;
    if (Math.abs(top - row) >= 1) break;
    const distance = Math.abs(left - here.left);
    if (!nearest || distance < nearest.distance) nearest = { tile, distance };
  }
  return nearest?.tile;
}
