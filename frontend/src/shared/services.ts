/** What the whole app shares: the session, the API, and the one connection. `app/Providers` provides it. */

import { createContext, use } from "react";

import type { Connection } from "@/realtime/Connection";
import type { Api } from "./api/Api";
import type { Session } from "./api/Session";

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
