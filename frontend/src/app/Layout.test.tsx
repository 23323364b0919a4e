import { screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import type { ConnectionView } from "./ConnectionIndicator";
import { Layout } from "./Layout";
import { renderComponent } from "@/testing/renderComponent";

const LIVE: ConnectionView = {
  state: "live",
  retryAt: null,
  cause: null,
  problem: null,
  lastMessageAt: null,
};

function layout(connection: Partial<ConnectionView> = {}, user = {}, more = {}) {
  const person = {
    username: "alice",
    can_view_agents: false,
    can_change_agents: false,
    can_view_workflows: false,
    is_staff: false,
    ...user,
  };
  return (
    <Layout
      user={person}
      connection={{ ...LIVE, ...connection }}
      onOpenAdmin={vi.fn<() => void>()}
      onSignOut={vi.fn<() => void>()}
      {...more}
    >
      <p>A page</p>
    </Layout>
  );
}

describe("the connection", () => {
  it("is a quiet word while it is live", () => {
    renderComponent(layout());
    expect(screen.getByRole("status", { name: "Connection: Live" })).toBeInTheDocument();
    expect(screen.getAllByRole("status")).toHaveLength(1);
  });

  it("says when it was lost, when it tries again, and how old the page is", async () => {
    const onReconnect = vi.fn<() => void>();
    const now = Date.now();
    const lost = { state: "reconnecting" as const, retryAt: now + 8000, lastMessageAt: now - 120_000 };
    const { user } = renderComponent(layout(lost, {}, { onReconnect }));
    expect(screen.getByRole("status", { name: "Connection: Reconnecting" })).toBeInTheDocument();
    expect(screen.getByText("in 8 s")).toBeInTheDocument();
    expect(screen.getByText(/The connection was lost.*Last update 2 min ago/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try now" }));
    expect(onReconnect).toHaveBeenCalledOnce();
  });

  it.each([
    ["lost", /^The connection was lost. What you see may be out of date/],
    ["silent", /^The server does not answer/],
    ["restarting", /^The server is restarting/],
  ] as const)("that is %s says so, and nothing of what cannot be known", (cause, words) => {
    renderComponent(layout({ state: "reconnecting", cause }));
    expect(screen.getByText(words)).toBeInTheDocument();
    expect(screen.queryByText(/being made/)).not.toBeInTheDocument();
  });

  it.each([
    ["polling", /polls the server every few seconds/],
    ["offline", /You are offline/],
    ["signed_out", /You were signed out/],
  ] as const)("that is %s says what that means", (state, words) => {
    renderComponent(layout({ state }));
    expect(screen.getByText(words)).toBeInTheDocument();
  });

  it.each(["reconnecting", "polling"] as const)("that is %s says what somebody can do", async (state) => {
    const onReconnect = vi.fn<() => void>();
    const { user } = renderComponent(layout({ state, problem: "Close a tab." }, {}, { onReconnect }));
    expect(screen.getByText("Close a tab. Until then this page may be out of date.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try now" }));
    expect(onReconnect).toHaveBeenCalledOnce();
  });

  it("says why the server refused it", () => {
    renderComponent(layout({ state: "refused", problem: "Your account is disabled." }));
    expect(screen.getByText("Your account is disabled.")).toBeInTheDocument();
  });
});

describe("the way around", () => {
  it("leads makers to their places, and operators to the agents too", () => {
    const { change } = renderComponent(layout());
    expect(screen.queryByRole("link", { name: "Agents" })).not.toBeInTheDocument();
    change(layout({}, { can_view_agents: true }));
    expect(screen.getByRole("link", { name: "Agents" })).toHaveAttribute("href", "/agents");
  });

  it("begins with a link that skips it", async () => {
    const { user } = renderComponent(layout());
    await user.tab();
    expect(screen.getByRole("link", { name: "Skip to the content" })).toHaveFocus();
  });

  it("signs out", async () => {
    const onSignOut = vi.fn<() => void>();
    const { user } = renderComponent(layout({}, {}, { onSignOut }));
    await user.click(await screen.findByRole("button", { name: "Account of alice" }));
    await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
    expect(onSignOut).toHaveBeenCalledOnce();
  });

  it("switches between the dark and the light theme", async () => {
    const { user } = renderComponent(layout());
    const before = document.documentElement.dataset["mantineColorScheme"];
    await user.click(screen.getByRole("button", { name: /^Switch to the/ }));
    expect(document.documentElement.dataset["mantineColorScheme"]).not.toBe(before);
  });
});
