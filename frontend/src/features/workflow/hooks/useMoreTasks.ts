import { useCallback, useRef } from "react";

import { useServices } from "@/shared/services";

/** Fetches more of the tasks that the snapshot of a large workflow leaves out: each call at least one of the stage that is new. */
export function useMoreTasks(id: string): (stage: string) => Promise<void> {
  const { api, connection } = useServices();
  const cursors = useRef(new Map<string, string | null>());

  return useCallback(
    async (stage: string) => {
      const shown = connection.view("workflow", id).value?.stages.find(({ name }) => name === stage)?.tasks;
      const known = new Set(shown?.map(({ key }) => key));
      let cursor = cursors.current.get(stage) ?? null;
      let isNew = false;
      do {
        const page = await api.tasks(id, stage, cursor); // oxlint-disable-line no-await-in-loop -- each page names the next
        connection.addTasks(id, page);
        isNew = page.tasks.some(({ task }) => !known.has(task.key));
        cursor = page.next;
      } while (!isNew && cursor !== null);
      cursors.current.set(stage, cursor); // after the last page from the beginning: a new snapshot leaves tasks out again
    },
    [api, connection, id],
  );
}
