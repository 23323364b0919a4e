import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import type { SessionBody } from "@callboard/client";
import { startApiServer } from "@/testing/apiServer";
import { renderSignedIn } from "@/testing/renderSignedIn";
import { AccountPage } from "./AccountPage";

const LONG_AGO = "2026-11-20T08:00:00Z";

function signIn(id: string, change: Partial<SessionBody> = {}): SessionBody {
  const times = { created_at: LONG_AGO, last_used_at: LONG_AGO };
  return { id, device: "Firefox on Linux", address: "203.0.113.7", is_current: false, ...times, ...change };
}

let sessions: SessionBody[] = [];
const server = startApiServer(
  http.get("/api/auth/me/", () => HttpResponse.json({ username: "alice" })),
  http.get("/api/sessions/", () => HttpResponse.json(sessions)),
  http.delete("/api/sessions/:id/", ({ params }) => {
    sessions = params["id"] === "all" ? [] : sessions.filter(({ id }) => id !== params["id"]);
    return new HttpResponse(null, { status: 204 });
  }),
  http.post("/api/auth/logout/", () => new HttpResponse(null, { status: 204 })),
);

function open() {
  sessions = [
    signIn("here", { is_current: true }),
    signIn("phone", { device: "Safari on iPhone", address: "198.51.100.2" }),
    signIn("script", { device: "", address: "" }),
  ];
  return renderSignedIn(<AccountPage />);
}

describe("the sign-ins", () => {
  it("say where, and which is this one; others can be ended", async () => {
    const { user } = open();
    const list = await screen.findByRole("list", { name: "Sign-ins" });
    const [here, phone, script] = within(list).getAllByRole("listitem");
    expect(here).toHaveTextContent(/Firefox on Linux.*203\.0\.113\.7.*This one/);
    expect(within(here!).queryByRole("button")).not.toBeInTheDocument();
    expect(script).toHaveTextContent("Unknown device");
    await user.click(
      within(phone!).getByRole("button", { name: "End the sign-in on Safari on iPhone, 198.51.100.2" }),
    );
    await expect.poll(() => within(list).queryAllByRole("listitem")).toHaveLength(2);
  });

  it("say why they cannot be shown, or ended", async () => {
    const refusal = {
      error: { type: "TargetNotFound", message: "There is no such sign-in.", retryable: false },
    };
    server.use(http.delete("/api/sessions/:id/", () => HttpResponse.json(refusal, { status: 404 })));
    const { user } = open();
    await user.click(await screen.findByRole("button", { name: /^End the sign-in on Safari/ }));
    expect(await screen.findByRole("alert")).toHaveTextContent("There is no such sign-in.");
  });

  it("all end after a question, this one too", async () => {
    const { user } = open();
    await user.click(await screen.findByRole("button", { name: "Sign out everywhere…" }));
    const question = await screen.findByRole("dialog", { name: "Sign out everywhere?" });
    await user.click(within(question).getByRole("button", { name: "Sign out everywhere" }));
    await expect.poll(() => localStorage.getItem("callboard.signed-in")).toBeNull();
    expect(sessions).toEqual([]);
  });
});

describe("the password", () => {
  async function change(user: ReturnType<typeof open>["user"]) {
    await user.type(await screen.findByLabelText("Present password"), "the old one");
    await user.type(screen.getByLabelText("New password"), "the new one");
    await user.click(screen.getByRole("button", { name: "Change the password" }));
  }

  it("is changed, and the fields are empty again", async () => {
    let sent: unknown;
    server.use(
      http.post("/api/auth/password/", async ({ request }) => {
        sent = await request.json();
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = open();
    await change(user);
    expect(await screen.findByText(/Your password is changed/)).toBeInTheDocument();
    expect(sent).toEqual({ old: "the old one", new: "the new one" });
    expect(screen.getByLabelText("Present password")).toHaveValue("");
  });

  it("says beside the field what is wrong with it", async () => {
    const fields = { old: "This is not your password." };
    const error = { type: "InvalidInput", message: "This is not your password.", retryable: false, fields };
    server.use(http.post("/api/auth/password/", () => HttpResponse.json({ error }, { status: 400 })));
    const { user } = open();
    await change(user);
    expect(await screen.findByLabelText("Present password")).toHaveAccessibleDescription(
      "This is not your password.",
    );
    expect(screen.getByLabelText("Present password")).toBeInvalid();
  });
});
