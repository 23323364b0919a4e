/** Parses a frame: a batch becomes its messages, and types that this version does not know are dropped. */

import { type BatchMessage, SERVER_MESSAGE_TYPES, type ServerMessage } from "./messages.gen";

export type SingleMessage = Exclude<ServerMessage, BatchMessage>;

/** The frame's messages in order; [] when it is not valid. */
export function parseFrame(frame: unknown): SingleMessage[] {
  if (typeof frame !== "string") return [];
  try {
    return unpack(JSON.parse(frame) as ServerMessage | null);
  } catch {
    return []; // events that were lost in it are found by their seq, or by the server's next ping
  }
}

function unpack(message: ServerMessage | null): SingleMessage[] {
  if (message?.type === "batch") return message.messages.flatMap(unpack);
  return message && SERVER_MESSAGE_TYPES.includes(message.type) ? [message] : [];
}
