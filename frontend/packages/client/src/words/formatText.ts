/** Names of the protocol as people read them. Pure. */

/** "close_up" → "close up". */
export function humanize(name: string): string {
  return name.replaceAll(/[_-]+/g, " ");
}

/** "close up" → "Close up". */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
