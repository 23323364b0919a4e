import { useCallback, useState } from "react";

import { useServices } from "@/shared/services";

export interface MoreArtifacts {
  /** Fetches all artifacts that the snapshot of a large workflow leaves out. */
  load: () => Promise<void>;
  /** They are there. */
  isComplete: boolean;
}

export function useMoreArtifacts(id: string): MoreArtifacts {
  const { api, connection } = useServices();
  const [isComplete, setIsComplete] = useState(false);

  const load = useCallback(async () => {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof api.artifacts>> = await api.artifacts(id, cursor); // oxlint-disable-line no-await-in-loop -- each page names the next
      connection.addArtifacts(id, page);
      cursor = page.next;
    } while (cursor !== null);
    setIsComplete(true);
  }, [api, connection, id]);
  return { load, isComplete };
}
