import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";

import { useConnection } from "./useConnection";
import type { ClientMessage, Connection, ErrorMessage, SingleMessage, Target } from "@callboard/client";

/** The message of a type: `MessageOf<"progress">` is a ProgressMessage. */
export type MessageOf<Type extends SingleMessage["type"]> = Extract<SingleMessage, { type: Type }>;
type Handler<Type extends SingleMessage["type"]> = (message: MessageOf<Type>) => void;

export interface WebSocketOptions {
  /**
   * What to follow while the component is mounted, as an address of the server: "/ws/workflow/<id>", "/ws/agent/<name>",
   * "/ws/agent/*" or "/ws/coordinator"; "/ws/" alone follows nothing. The server is that of the provider's client.
   */
  url: string;
  /** Called with every message for this page. */
  onMessage?: (message: SingleMessage) => void;
  /** Called with what the server refused, and when the connection is lost. */
  onError?: (error: ErrorMessage | Error) => void;
  /** False: once the connection is lost, this component hears nothing more. Default: true. */
  reconnect?: boolean;
  /** In ms: after a loss the connection is tried again at least this often while the component is mounted. Default: the connection's own backoff. */
  reconnectInterval?: number;
}

export interface WebSocketHook {
  /** Over the socket; false while HTTP polling stands in for it, which delivers messages, too. */
  isConnected: boolean;
  /**
   * Sends a message. A subscription lasts until `unsubscribe` or the component's end, through reconnects; a control is repeated
   * until it is acknowledged, for at most 30 s.
   */
  send: (message: ClientMessage) => void;
  /** Calls `handler` with each message of a type. Several handlers may listen to one type. Returns a function that ends this one. */
  subscribe: <Type extends SingleMessage["type"]>(type: Type, handler: Handler<Type>) => () => void;
  /** Ends all handlers of a type that this component has. */
  unsubscribe: (type: SingleMessage["type"]) => void;
}

/** More would be a flood. */
const MIN_INTERVAL_MS = 1000;

/** Messages as they come, over the one connection that all hooks (and tabs) share. `useWorkflow` and the others say what they amount to. */
export function useWebSocket({
  url,
  onMessage,
  onError,
  reconnect = true,
  reconnectInterval,
}: WebSocketOptions): WebSocketHook {
  const { state, connection } = useConnection();
  const isConnected = state === "live";
  const handlers = useRef(new Map<string, Set<(message: SingleMessage) => void>>());
  const followed = useRef(new Map<string, () => void>());
  const hasEnded = useLoss(isConnected, () => onError?.(new Error("The connection was lost."))) && !reconnect;

  const receive = useEffectEvent((message: SingleMessage) => {
    if (hasEnded) return;
    onMessage?.(message);
    if (message.type === "error") onError?.(message);
    handlers.current.get(message.type)?.forEach((handler) => handler(message));
  });
  useEffect(() => connection.onEachMessage((message) => receive(message)), [connection]);
  useEffect(() => follow(connection, url), [connection, url]);
  useEffect(() => {
    const open = followed.current;
    return () => {
      open.forEach((stop) => stop());
      open.clear();
    };
  }, []);
  useRetries(connection, !isConnected && reconnect ? reconnectInterval : undefined);

  const send = useCallback(
    (message: ClientMessage) => sendOver(connection, message, followed.current),
    [connection],
  );
  const subscribe = useCallback(<Type extends SingleMessage["type"]>(type: Type, handler: Handler<Type>) => {
    const own = (message: SingleMessage) => handler(message as MessageOf<Type>);
    const all = handlers.current.get(type) ?? new Set();
    handlers.current.set(type, all.add(own));
    return () => void all.delete(own);
  }, []);
  const unsubscribe = useCallback((type: SingleMessage["type"]) => void handlers.current.delete(type), []);
  return { isConnected: isConnected && !hasEnded, send, subscribe, unsubscribe };
}

/** Whether the connection was lost since the component has had one. */
function useLoss(isConnected: boolean, onLoss: () => void): boolean {
  const [isLost, setLost] = useState(false);
  const hadOne = useRef(false);
  const report = useEffectEvent(onLoss);
  useEffect(() => {
    if (!isConnected && hadOne.current) {
      setLost(true);
      report();
    }
    hadOne.current = isConnected;
  }, [isConnected]);
  return isLost;
}

function useRetries(connection: Connection, everyMs: number | undefined): void {
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => connection.retryNow(), Math.max(everyMs, MIN_INTERVAL_MS));
    return () => clearInterval(timer);
  }, [connection, everyMs]);
}

const ROOM = /\/ws\/(?:(workflow|agent)\/([^/]+)|(coordinator))?\/?$/;

function follow(connection: Connection, url: string): () => void {
  const address = new URL(url, connection.url);
  const room = ROOM.exec(address.pathname);
  if (!room || address.host !== new URL(connection.url).host)
    throw new Error(`useWebSocket: "${url}" is no address for messages of the provider's server.`);
  const target = (room[1] ?? room[3]) as Target | undefined;
  return target ? connection.watch(target, decodeURIComponent(room[2] ?? ""), idle) : idle;
}

function sendOver(connection: Connection, message: ClientMessage, followed: Map<string, () => void>): void {
  switch (message.type) {
    case "subscribe":
    case "unsubscribe": {
      const { target, id = "" } = message;
      const key = `${target}:${id}`;
      const stop = followed.get(key);
      if (message.type === "subscribe") followed.set(key, connection.watch(target, id, idle));
      else followed.delete(key);
      return stop?.();
    }
    case "control": {
      const { type: _type, ref: _ref, workflow_id: workflowId, request_id: requestId, ...command } = message;
      connection.control({ workflowId, ...command, ...(requestId !== undefined && { requestId }) });
      return undefined;
    }
    case "ping":
      return connection.retryNow(); // on an open socket this is a ping
    case "pong":
    case "authenticate":
      return undefined; // the connection does this itself
  }
}

function idle(): void {}
