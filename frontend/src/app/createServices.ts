import { Client } from "@callboard/client";
import type { Services } from "@/shared/services";

/** The session, the API and the connection of this page; sends no request. `Session` listens to other tabs until it is closed. */
export function createServices(): Services {
  const { session, api, connection } = new Client();
  if (!session) throw new Error("A client without a token has a session.");
  return { session, api, connection };
}
