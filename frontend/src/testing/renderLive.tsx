/** Renders a hook in an app that is connected to a fake server, with Alice signed in. */

import { renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { onTestFinished } from "vitest";

import { Providers } from "@/app/Providers";
import { Api, Session } from "@callboard/client";
import { createTestConnection } from "./testConnection";

export function renderLive<Result>(hook: () => Result, connected = createTestConnection()) {
  localStorage.setItem("callboard.signed-in", "[1]");
  const session = new Session();
  onTestFinished(() => session.close());
  const tokens = { token: () => Promise.resolve("token"), renew: () => Promise.resolve("token") };
  const services = { session, api: new Api(tokens), connection: connected.connection };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <Providers services={services}>{children}</Providers>
  );
  return { ...renderHook(hook, { wrapper }), ...connected, session };
}
