import { useSyncExternalStore } from "react";

import { useServices } from "../services";
import type { Connection, ConnectionStatus } from "@callboard/client";

export interface WebSocketConnection extends ConnectionStatus {
  /** For `lastMessageAt`, which changes with every message without a new render, and for what no hook covers. */
  connection: Connection;
  /** Reconnects now instead of at `retryAt`. */
  retryNow: () => void;
}

/** The state of the app's one connection. */
export function useWebSocket(): WebSocketConnection {
  const { connection } = useServices();
  const status = useSyncExternalStore(connection.onStatusChange, connection.status);
  return { ...status, connection, retryNow: connection.retryNow };
}
