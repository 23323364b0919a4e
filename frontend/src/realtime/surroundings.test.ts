import { expect, it, vi } from "vitest";

import { browser } from "./surroundings";

it("hears the network come and go, until it stops", () => {
  const onChange = vi.fn<() => void>();
  const stop = browser.whenNetworkChanges(onChange);
  window.dispatchEvent(new Event("offline"));
  window.dispatchEvent(new Event("online"));
  stop();
  window.dispatchEvent(new Event("offline"));
  expect(onChange).toHaveBeenCalledTimes(2);
});

it("knows whether there is a network", () => {
  expect(browser.isOnline()).toBe(true);
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  expect(browser.isOnline()).toBe(false);
});

it("hears that somebody looks, not that they look away, until it stops", () => {
  const onVisible = vi.fn<() => void>();
  const stop = browser.whenVisible(onVisible);
  const show = (state: DocumentVisibilityState) => {
    vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
    document.dispatchEvent(new Event("visibilitychange"));
  };
  show("hidden");
  show("visible");
  stop();
  show("visible");
  expect(onVisible).toHaveBeenCalledTimes(1);
});
