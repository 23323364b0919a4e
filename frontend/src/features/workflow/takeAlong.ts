/** What can be taken along, in words. Pure. */
import type { Export } from "@callboard/client";

/** Asks for all that there is; the links last an hour. */
export type ListExports = () => Promise<Export[]>;

export interface TakeAlongGroup {
  name: string;
  files: Export[];
}

/** By format: what it is, and what opens it. In the order of the menu. */
const WORDS = new Map<string, [what: string, opens: string]>([
  ["mp4", ["Video", "MP4"]],
  ["srt", ["Captions", "SubRip (SRT): players, video sites"]],
  ["vtt", ["Captions", "WebVTT: web pages"]],
  ["pdf", ["Storyboard", "PDF, to print"]],
  ["fountain", ["Screenplay", "Fountain: plain text"]],
  ["fdx", ["Screenplay", "Final Draft (FDX)"]],
  ["otio", ["Timeline", "OpenTimelineIO: Resolve, Kdenlive"]],
  ["fcpxml", ["Timeline", "FCPXML: Final Cut Pro, Resolve"]],
  ["edl", ["Timeline", "EDL: pictures only"]],
  ["zip", ["Everything", "ZIP, with the clips that timelines need"]],
]);

/** The files of an episode; without one, those of the whole. Ungrouped formats that this page does not know are left out. */
export function groupsOf(exports: readonly Export[], episode: number | null): TakeAlongGroup[] {
  const groups = new Map<string, Export[]>();
  for (const [format, [what]] of WORDS) {
    const files = exports.filter((file) => file.format === format && file.episode === episode);
    if (files.length) groups.set(what, [...(groups.get(what) ?? []), ...files]);
  }
  return [...groups].map(([name, files]) => ({ name, files }));
}

export function openedWith({ format }: Export): string {
  return WORDS.get(format)?.[1] ?? format;
}
