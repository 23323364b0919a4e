import { useSyncExternalStore } from "react";

import { useServices } from "../services";
import type { Connection } from "@/realtime/Connection";
import type { ConnectionStatus } from "@/realtime/ReconnectingSocket";

export interface WebSocketConnection extends ConnectionStatus {
  /** For `lastMessageAt` (ask it on your own clock: it changes with every message), and for what hooks do not cover. */
  connection: Connection;
  /** Tries now instead of at `retryAt`. */
  retryNow: () => void;
}

/** How the one connection of the app stands. */
export function useWebSocket(): WebSocketConnection {
  const { connection } = useServices();
  const status = useSyncExternalStore(connection.onStatusChange, connection.status);
  return { ...status, connection, retryNow: connection.retryNow };
}
