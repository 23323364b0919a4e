/** "0 B", "12 kB", "3.4 MB", "1.2 GB": decimal, as the settings of the server are. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let figure = bytes;
  while (figure >= 999.5 && unit < units.length - 1) {
    figure /= 1000;
    unit += 1;
  }
  return `${figure < 10 && unit > 1 ? figure.toFixed(1) : Math.round(figure)} ${units[unit]}`;
}
