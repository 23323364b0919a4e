import { useQueries } from "@tanstack/react-query";

import type { Storyboard } from "../shots";
import type { ArtifactBody } from "@callboard/client";

/** Fetches the storyboards among the artifacts: headings, descriptions and dialogue of the shots. Those not loaded yet are left out. */
export function useStoryboards(artifacts: readonly ArtifactBody[]): Storyboard[] {
  return useQueries({
    queries: artifacts
      .filter((artifact) => artifact.kind === "storyboard" && artifact.media_type === "application/json")
      .map((artifact) => ({
        queryKey: ["storyboard", artifact.id],
        queryFn: ({ signal }: { signal: AbortSignal }) => read(artifact.url, signal),
        staleTime: Infinity,
      })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
}

async function read(url: string, signal: AbortSignal): Promise<Storyboard[]> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`The storyboard could not be read (${response.status}).`);
  return [(await response.json()) as Storyboard];
}
