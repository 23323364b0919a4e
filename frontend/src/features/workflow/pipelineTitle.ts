const TITLES: Record<string, string> = { idea2video: "Idea2Video", script2video: "Script2Video" };

/** A pipeline's name for people; one that this page does not know keeps its own. */
export function pipelineTitle(name: string): string {
  return TITLES[name] ?? name;
}
