/** Renders a component as a page would, in an app that is connected to a fake server, with somebody signed in. */
import type { ReactElement } from "react";
import { onTestFinished } from "vitest";

import { Providers } from "@/app/Providers";
import { Api, Session } from "@callboard/client";
import { renderComponent } from "./renderComponent";
import { createTestConnection } from "./testConnection";

export function renderSignedIn(element: ReactElement, connected = createTestConnection()) {
  localStorage.setItem("callboard.signed-in", "[1]");
  const session = new Session();
  onTestFinished(() => session.close());
  const tokens = { token: () => Promise.resolve("token"), renew: () => Promise.resolve("token") };
  const services = { session, api: new Api(tokens), connection: connected.connection };
  const wrap = (inner: ReactElement) => <Providers services={services}>{inner}</Providers>;
  const { user, change } = renderComponent(wrap(element));
  return { user, change: (next: ReactElement) => change(wrap(next)) };
}
