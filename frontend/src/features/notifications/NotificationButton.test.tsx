import { act, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { TIMESTAMP } from "@/testing/FakeServer";
import { renderSignedIn } from "@/testing/renderSignedIn";
import { rowOf, workflow } from "@/testing/samples";
import { createTestConnection } from "@/testing/testConnection";
import { NotificationButton } from "./NotificationButton";

/** The browser's part, which jsdom lacks. */
class BrowserNotification extends EventTarget {
  static permission: NotificationPermission = "default";
  static answer: NotificationPermission = "granted";
  static asked = 0;
  static shown: string[] = [];

  constructor(title: string, { body }: { body: string }) {
    super();
    BrowserNotification.shown.push(`${title}: ${body}`);
  }

  static requestPermission() {
    BrowserNotification.asked += 1;
    BrowserNotification.permission = BrowserNotification.answer;
    return Promise.resolve(BrowserNotification.answer);
  }
}

beforeEach(() => {
  Object.assign(BrowserNotification, { permission: "default", answer: "granted", asked: 0, shown: [] });
  vi.stubGlobal("Notification", BrowserNotification);
  localStorage.clear();
});

function openPage({ isHidden = true } = {}) {
  vi.spyOn(document, "hidden", "get").mockReturnValue(isHidden);
  const connected = createTestConnection({ prepare: (server) => server.listed.push(rowOf(workflow())) });
  const { user } = renderSignedIn(<NotificationButton username="alice" />, connected);
  const finish = () => {
    const listed = rowOf(workflow(), { state: "completed", seq: 20 });
    const message = { type: "workflow_listed", workflow: listed, merged: 0, timestamp: TIMESTAMP } as const;
    act(() => connected.server.publish("workflows", message));
  };
  return { user, finish, ...connected };
}

async function switchOn({ user, connection }: ReturnType<typeof openPage>) {
  await user.click(screen.getByRole("button", { name: /^Notify me/ }));
  expect(await screen.findByRole("button", { name: /^Notifications are on/ })).toBeInTheDocument();
  await waitFor(() => expect(connection.view("workflows", "").value).not.toBeNull());
}

it("asks the browser only when it is switched on, and then tells of a film that is ready", async () => {
  const page = openPage();
  expect(BrowserNotification.asked).toBe(0);
  expect(page.server.conversation).toEqual([]);
  await switchOn(page);
  expect(BrowserNotification.asked).toBe(1);
  page.finish();
  expect(BrowserNotification.shown).toEqual(["A lighthouse keeper: The film is ready."]);
});

it("is silent while the page is looked at", async () => {
  const page = openPage({ isHidden: false });
  await switchOn(page);
  page.finish();
  expect(BrowserNotification.shown).toEqual([]);
});

it("stays on in this browser, without asking again, until it is switched off", async () => {
  localStorage.setItem("callboard.notifications", "on");
  BrowserNotification.permission = "granted";
  const { user, finish } = openPage();
  await user.click(await screen.findByRole("button", { name: /^Notifications are on/ }));
  expect(await screen.findByRole("button", { name: /^Notify me/ })).toBeInTheDocument();
  finish();
  expect(BrowserNotification.asked).toBe(0);
  expect(BrowserNotification.shown).toEqual([]);
});

it("says so when the browser refuses", async () => {
  BrowserNotification.answer = "denied";
  const { user } = openPage();
  await user.click(screen.getByRole("button", { name: /^Notify me/ }));
  expect(await screen.findByRole("button", { name: /refuses notifications/ })).toBeDisabled();
});
