import { useSyncExternalStore } from "react";

import type { Connection, ConnectionStatus } from "@callboard/client";
import { useCallboard } from "./CallboardProvider";

export interface ConnectionHook extends ConnectionStatus {
  /** For `lastMessageAt`, which changes with every message without a new render, and for what no hook covers. */
  connection: Connection;
  /** Reconnects now instead of at `retryAt`. */
  retryNow: () => void;
}

/** The state of the one connection. */
export function useConnection(): ConnectionHook {
  const { connection } = useCallboard();
  const status = useSyncExternalStore(connection.onStatusChange, connection.status);
  return { ...status, connection, retryNow: connection.retryNow };
}
