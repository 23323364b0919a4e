import { expect, it, onTestFinished } from "vitest";

import { createServices } from "./createServices";

it("creates the services without a request, with nobody signed in", () => {
  const { connection, session } = createServices();
  onTestFinished(() => session.close());
  onTestFinished(connection.start());
  expect(connection.status().state).toBe("signed_out");
});
