/** What the whole app shares: who is signed in, the API, and the one connection. */

import { createContext, use } from "react";

import { Api } from "./api/Api";
import { ApiError } from "./api/ApiError";
import { Session } from "./api/Session";
import { Connection } from "@/realtime/Connection";
import type { Problem } from "@/realtime/Room";

export interface Services {
  session: Session;
  api: Api;
  connection: Connection;
}

export function createServices(): Services {
  const session = new Session();
  const api = new Api(session);
  const tokens = {
    subject: session.subject,
    subscribe: session.subscribe,
    token: () => session.token(),
    renew: () => session.renew(),
  };
  return { session, api, connection: new Connection({ tokens, api, problemOf, retryAfterOf }) };
}

/** A refusal stays one however often we ask; anything else may pass. */
function problemOf(error: unknown): Problem | null {
  const isRefusal = error instanceof ApiError && [400, 403, 404, 409].includes(error.status);
  return isRefusal ? { type: error.type, message: error.message } : null;
}

function retryAfterOf(error: unknown): number | null {
  return error instanceof ApiError ? error.retryAfterSeconds : null;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error("Outside of <Providers>.");
  return services;
}
