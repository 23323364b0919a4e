/** From a frame's text to messages: a batch is unpacked, and what a newer server may say is left out. */

import type { BatchMessage, ServerMessage } from "./messages.gen";

export type SingleMessage = Exclude<ServerMessage, BatchMessage>;

const KNOWN: Record<SingleMessage["type"], true> = {
  welcome: true,
  authenticated: true,
  token_expiring: true,
  subscribed: true,
  unsubscribed: true,
  progress: true,
  event: true,
  agent_status: true,
  coordinator_metrics: true,
  watchers: true,
  control_ack: true,
  control_result: true,
  error: true,
  ping: true,
  pong: true,
};

/** The frame's messages in their order; none when the frame is not of our protocol. */
export function parseFrame(frame: unknown): SingleMessage[] {
  if (typeof frame !== "string") return [];
  try {
    return unpack(JSON.parse(frame) as ServerMessage | null);
  } catch {
    return []; // what was lost in it, the seq and the server's next ping will tell
  }
}

function unpack(message: ServerMessage | null): SingleMessage[] {
  if (message?.type === "batch") return message.messages.flatMap(unpack);
  return message && message.type in KNOWN ? [message] : [];
}
