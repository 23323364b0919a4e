/** The chapters of a film: WebVTT as the editor writes it, and what stands there for people. Pure. */
import type { SceneView } from "./shots";

export interface Chapter {
  start: number;
  end: number;
  /** "Title", "Shot 1.2", "The End". */
  title: string;
  /** "1.2" of a shot, otherwise "". */
  shot: string;
}

const CUE = /^(\d+):(\d+):(\d+)\.(\d+) --> (\d+):(\d+):(\d+)\.(\d+)\n(.+)$/gm;

export function chaptersOf(vtt: string): Chapter[] {
  return [...vtt.replaceAll("\r\n", "\n").matchAll(CUE)].map((found) => {
    const [h1, m1, s1, f1, h2, m2, s2, f2] = found.slice(1, 9).map(Number);
    const title = found[9] ?? "";
    return {
      start: seconds(h1, m1, s1, f1),
      end: seconds(h2, m2, s2, f2),
      title,
      shot: /^Shot (\d+\.\d+)$/.exec(title)?.[1] ?? "",
    };
  });
}

function seconds(hours = 0, minutes = 0, whole = 0, milliseconds = 0): number {
  return hours * 3600 + minutes * 60 + whole + milliseconds / 1000;
}

/** The index of the chapter at a moment of the film; -1 before the first. */
export function chapterAt(chapters: readonly Chapter[], time: number): number {
  return chapters.findLastIndex(({ start }) => start <= time + 0.01);
}

/** The heading of the scene that begins with this chapter, "Scene 2 · EXT. SHORE"; "" in the middle of one. */
export function sceneWords(
  chapters: readonly Chapter[],
  index: number,
  scenes: readonly SceneView[],
): string {
  const number = sceneOf(chapters[index]);
  if (!number || number === sceneOf(chapters[index - 1])) return "";
  const heading = scenes.find((scene) => scene.number === number)?.heading;
  return heading ? `Scene ${number} · ${heading}` : `Scene ${number}`;
}

function sceneOf(chapter: Chapter | undefined): number {
  return Number(chapter?.shot.split(".")[0] ?? 0);
}
