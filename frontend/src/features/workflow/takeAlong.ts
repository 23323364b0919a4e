/** What can be taken along, in words. Pure. */
import type { Export } from "@callboard/client";

/** Asks for all that there is; the links last an hour. */
export type ListExports = () => Promise<Export[]>;

/** By format: what it is, and what opens it. In the order of the menu. */
const WORDS = new Map<string, [what: string, opens: string]>([
  ["mp4", ["Video", "MP4"]],
  ["srt", ["Captions", "SRT: players, video sites"]],
  ["vtt", ["Captions", "WebVTT: web pages"]],
  ["pdf", ["Storyboard", "PDF, to print"]],
  ["fountain", ["Screenplay", "Fountain: plain text"]],
  ["fdx", ["Screenplay", "Final Draft (FDX)"]],
  ["otio", ["Timeline", "OTIO: Resolve, Kdenlive"]],
  ["fcpxml", ["Timeline", "FCPXML: Final Cut Pro"]],
  ["edl", ["Timeline", "EDL: pictures only"]],
  ["zip", ["Everything", "ZIP, with the clips of the timeline"]],
]);

/** The files of an episode; without one, those of the whole. Formats that this page does not know are left out. */
export function filesOf(exports: readonly Export[], episode: number | null): Export[] {
  const order = [...WORDS.keys()];
  return exports
    .filter((file) => file.episode === episode && WORDS.has(file.format))
    .toSorted((a, b) => order.indexOf(a.format) - order.indexOf(b.format));
}

export function wordsOf({ format }: Export): { what: string; opens: string } {
  const [what, opens] = WORDS.get(format) ?? [format, ""];
  return { what, opens };
}
