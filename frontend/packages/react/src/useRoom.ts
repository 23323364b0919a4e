import { useCallback, useSyncExternalStore } from "react";

import type { RoomValues, RoomView, Target } from "@callboard/client";
import { useCallboard } from "./CallboardProvider";

/** Follows a room while the component is mounted. */
export function useRoom<T extends Target>(target: T, id: string): RoomView<RoomValues[T]> {
  const { connection } = useCallboard();
  const watch = useCallback(
    (listener: () => void) => connection.watch(target, id, listener),
    [connection, target, id],
  );
  return useSyncExternalStore(watch, () => connection.view(target, id));
}
