/** What the pages know of pipelines. Pure. */
import { capitalize, humanize } from "@/shared/formatText";

/** Those with a page of their own; the form of any other is drawn from the schema of its input. */
const OWN_PAGES = new Map([
  ["idea2video", "Idea2Video"],
  ["script2video", "Script2Video"],
]);

export function hasOwnPage(name: string): boolean {
  return OWN_PAGES.has(name);
}

/** A pipeline's name for people. */
export function pipelineTitle(name: string): string {
  return OWN_PAGES.get(name) ?? capitalize(humanize(name));
}

/** Where a workflow of the pipeline is started. */
export function startPath(name: string): string {
  return hasOwnPage(name) ? `/${name}` : `/start/${encodeURIComponent(name)}`;
}
