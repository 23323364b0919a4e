import { createContext, use, type ReactNode } from "react";

import type { Client } from "@callboard/client";

/** What the hooks need of a client. */
export type CallboardClient = Pick<Client, "api" | "connection">;

const CallboardContext = createContext<CallboardClient | null>(null);

interface Props {
  /** From `createClient`. Who made it starts and closes it. */
  client: CallboardClient;
  children: ReactNode;
}

/** Gives the hooks below it a client, whose one connection they share. */
export function CallboardProvider({ client, children }: Props) {
  return <CallboardContext value={client}>{children}</CallboardContext>;
}

/** The client of the provider. Throws outside of `<CallboardProvider>`. */
export function useCallboard(): CallboardClient {
  const client = use(CallboardContext);
  if (!client) throw new Error("Outside of <CallboardProvider>.");
  return client;
}
