import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { startApiServer } from "@/testing/apiServer";
import { renderSignedIn } from "@/testing/renderSignedIn";
import { ShareButton } from "./ShareButton";

const MADE = {
  token: "eyJ.for.w1",
  may: "control",
  expires_at: "2026-03-01T11:00:00.000Z",
  embed_url: "https://callboard.example/embed/w1?token=eyJ.embed.w1",
};
const api = startApiServer();

function answering(status: number, body: object) {
  const asked: unknown[] = [];
  api.use(
    http.post("/api/workflows/w1/tokens/", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(body, { status });
    }),
  );
  return asked;
}

async function open() {
  const user = userEvent.setup();
  renderSignedIn(<ShareButton workflowId="w1" />);
  await user.click(screen.getByRole("button", { name: "Share" }));
  return { user, dialog: within(await screen.findByRole("dialog", { name: "Share this workflow" })) };
}

describe("sharing a workflow", () => {
  it("makes nothing before it is asked to, and then what was asked for", async () => {
    const asked = answering(200, MADE);
    const { user, dialog } = await open();
    expect(asked).toEqual([]);
    await user.selectOptions(dialog.getByLabelText("Good for"), "8 hours");
    await user.selectOptions(dialog.getByLabelText("Programs may"), "watch and control");
    await user.click(dialog.getByRole("button", { name: "Make the links" }));
    expect(await dialog.findByLabelText("For a program: a token to watch and control")).toHaveValue(
      MADE.token,
    );
    expect(asked).toEqual([{ may: "control", seconds: 28_800 }]);
  });

  it("gives the code of a frame and the link of a page without a script, to copy", async () => {
    answering(200, MADE);
    const { user, dialog } = await open();
    await user.click(dialog.getByRole("button", { name: "Make the links" }));
    const frame = await dialog.findByLabelText<HTMLTextAreaElement>("For a page: a frame");
    expect(frame.value).toContain(`<iframe src="${MADE.embed_url}"`);
    await user.click(dialog.getByRole("button", { name: "Copy: For a page: a frame" }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toBe(frame.value));
    expect(dialog.getByLabelText("For a person: a link, only to watch")).toHaveValue(MADE.embed_url);
  });

  it("says what to do where embedding is switched off", async () => {
    answering(200, { ...MADE, may: "watch", embed_url: null });
    const { user, dialog } = await open();
    await user.click(dialog.getByRole("button", { name: "Make the links" }));
    expect(await dialog.findByText("EMBED_ANCESTORS")).toBeVisible();
    expect(dialog.queryByLabelText("For a page: a frame")).toBeNull();
  });

  it("shows why the server refuses", async () => {
    const message = "You may watch this workflow, but not control it.";
    answering(403, { error: { type: "PermissionDenied", message, retryable: false, fields: {} } });
    const { user, dialog } = await open();
    await user.click(dialog.getByRole("button", { name: "Make the links" }));
    expect(await dialog.findByText(message)).toBeVisible();
  });
});
