import { useCallback, useSyncExternalStore } from "react";

import { useServices } from "../services";
import type { RoomValues, RoomView, Target } from "@callboard/client";

/** Follows a room while the component is mounted. */
export function useRoom<T extends Target>(target: T, id: string): RoomView<RoomValues[T]> {
  const { connection } = useServices();
  const watch = useCallback(
    (listener: () => void) => connection.watch(target, id, listener),
    [connection, target, id],
  );
  return useSyncExternalStore(watch, () => connection.view(target, id));
}
