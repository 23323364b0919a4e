/** What a workflow has made, by what a browser can do with it. Pure. */
import type { ArtifactBody as Artifact, WorkflowSnapshot as Workflow } from "@callboard/client";
import { hasOwnPage } from "@/shared/pipelines";
import { shotId } from "./shots";

export type Medium = "audio" | "image" | "video" | "text" | "file";

// What the server lets a browser show; anything else is downloaded.
const AUDIO = new Set(["audio/mp4", "audio/mpeg", "audio/wav", "audio/ogg", "audio/webm", "audio/flac"]);
const IMAGES = new Set(["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"]);
const VIDEOS = new Set(["video/mp4", "video/webm"]);
const TEXTS = new Set(["text/plain", "text/vtt", "application/json"]);

// Of a film: the shots and the preview show them.
const SHOT_KINDS = new Set(["frame", "choice", "speech", "clip"]);
const FILM_KINDS = new Set([
  ...SHOT_KINDS,
  "character",
  "video",
  "script",
  "scene",
  "storyboard",
  "poster",
  "captions",
  "chapters",
  "subtitles",
  "timeline",
]);

export function mediumOf({ media_type: type }: Pick<Artifact, "media_type">): Medium {
  if (AUDIO.has(type)) return "audio";
  if (IMAGES.has(type)) return "image";
  if (VIDEOS.has(type)) return "video";
  return TEXTS.has(type) ? "text" : "file";
}

/** Whether it makes a film, shot by shot. */
export function isFilm(workflow: Workflow): boolean {
  return (
    hasOwnPage(workflow.pipeline) ||
    workflow.artifacts.some(({ kind, task }) => SHOT_KINDS.has(kind) && shotId(task))
  );
}

/** What the preview of a completed workflow without a film plays. */
export function soundOf(workflow: Workflow): Artifact | undefined {
  if (isFilm(workflow) || workflow.state !== "completed") return undefined;
  return resultsOf(workflow).findLast((artifact) => mediumOf(artifact) === "audio");
}

/** What is shown beside the film; of a workflow that makes none, everything but what the preview plays. */
export function othersOf(workflow: Workflow): Artifact[] {
  if (!isFilm(workflow)) return workflow.artifacts.filter((artifact) => artifact !== soundOf(workflow));
  return workflow.artifacts.filter(({ kind }) => !FILM_KINDS.has(kind));
}

/** The films of a workflow, in order: one, or the episodes of a series. */
export function filmsOf(workflow: Workflow): Artifact[] {
  const videos = workflow.artifacts.filter(({ kind }) => kind === "video");
  return videos.toSorted((a, b) => a.task.localeCompare(b.task, "en", { numeric: true }));
}

/** Whether it has made several films. */
export function isSeries(workflow: Workflow): boolean {
  return filmsOf(workflow).length > 1;
}

/** What was made with a film: its poster, its captions, its chapters. */
export function besideFilm(workflow: Workflow, film: Artifact, kind: string): Artifact | undefined {
  return workflow.artifacts.findLast((artifact) => artifact.kind === kind && artifact.task === film.task);
}

/** What it was made for: the film, or else what the last stage that has made something has made. */
export function resultsOf(workflow: Workflow): Artifact[] {
  const films = filmsOf(workflow);
  if (films.length) return films;
  const made = workflow.stages.map(({ tasks }) => {
    const keys = new Set(tasks.map(({ key }) => key));
    return workflow.artifacts.filter(({ task }) => keys.has(task));
  });
  return made.findLast(({ length }) => length > 0) ?? workflow.artifacts.slice(-1);
}

/** The URL that downloads the file instead of showing it. */
export function downloadUrl({ url }: Artifact): string {
  return `${url}${url.includes("?") ? "&" : "?"}download=1`;
}
