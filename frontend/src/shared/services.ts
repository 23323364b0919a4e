/** What the whole app shares: the session, the API, and the one connection. `app/Providers` provides it. */

import { createContext, use } from "react";

import type { Api, Connection, Session } from "@callboard/client";

export interface Services {
  session: Session;
  api: Api;
  connection: Connection;
}

export const ServicesContext = createContext<Services | null>(null);

/** Throws outside of `<Providers>`. */
export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error("Outside of <Providers>.");
  return services;
}
