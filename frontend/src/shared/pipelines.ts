/** What the pages know of pipelines. Pure. */
import { capitalize, humanize } from "@callboard/client";

/** Those with a page of their own; the form of any other is drawn from the schema of its input. */
const OWN_PAGES = new Map([
  ["idea2video", "Idea2Video"],
  ["script2video", "Script2Video"],
  ["novel2video", "Novel2Video"],
]);

export function hasOwnPage(name: string): boolean {
  return OWN_PAGES.has(name);
}

/** Of one step, a skill of an agent: asked for by programs, it has no page. */
const OF_AN_AGENT = "agent:";

/** A pipeline's name for people. */
export function pipelineTitle(name: string): string {
  const words = name.startsWith(OF_AN_AGENT) ? name.slice(OF_AN_AGENT.length).replace("/", ": ") : name;
  return OWN_PAGES.get(name) ?? capitalize(humanize(words));
}

/** Where a workflow of the pipeline is started; null: on no page. */
export function startPath(name: string): string | null {
  if (name.startsWith(OF_AN_AGENT)) return null;
  return hasOwnPage(name) ? `/${name}` : `/start/${encodeURIComponent(name)}`;
}
