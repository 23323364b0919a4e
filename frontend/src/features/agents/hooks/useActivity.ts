import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { useMemo } from "react";

import type { AgentHistory } from "@callboard/client";
import { useServices } from "@/shared/services";

const HOURS = 1;
const ASK_MS = 30_000;
/** As many as the server answers for together. */
const AT_ONCE = 50;

/** What each of these agents did in the last hour, by name; asked for again twice a minute. */
export function useActivity(names: readonly string[]): Readonly<Record<string, AgentHistory>> {
  const { api } = useServices();
  const chunks = useMemo(() => chunked(names.toSorted()), [names]);
  return useQueries({
    queries: chunks.map((chunk) => ({
      queryKey: ["activity", chunk],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.activity(chunk, HOURS, signal),
      placeholderData: keepPreviousData,
      refetchInterval: ASK_MS,
    })),
    combine: (results) =>
      Object.fromEntries(
        results.flatMap(({ data }) => (data ?? []).map((history) => [history.agent_name, history])),
      ),
  });
}

function chunked(names: readonly string[]): string[][] {
  const count = Math.ceil(names.length / AT_ONCE);
  return Array.from({ length: count }, (_, index) => names.slice(index * AT_ONCE, (index + 1) * AT_ONCE));
}
