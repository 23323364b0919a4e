import { useQueries } from "@tanstack/react-query";

import type { ArtifactBody } from "@callboard/client";

/** Fetches the text of these artifacts, in their order; "" for one that is not there yet. */
export function useMadeText(artifacts: readonly ArtifactBody[]): string[] {
  return useQueries({
    queries: artifacts.map(({ id, url }) => ({
      queryKey: ["made text", id],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const response = await fetch(url, { signal });
        if (!response.ok) throw new Error(`The file could not be read (${response.status}).`);
        return response.text();
      },
      staleTime: Infinity,
    })),
    combine: (results) => results.map(({ data }) => data ?? ""),
  });
}
