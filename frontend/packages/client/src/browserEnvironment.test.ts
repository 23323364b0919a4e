import { expect, it, vi } from "vitest";

import { browserEnvironment } from "./browserEnvironment";

it("reports that the network went or came back, until it is stopped", () => {
  const onChange = vi.fn<() => void>();
  const stop = browserEnvironment.whenNetworkChanges(onChange);
  window.dispatchEvent(new Event("offline"));
  window.dispatchEvent(new Event("online"));
  stop();
  window.dispatchEvent(new Event("offline"));
  expect(onChange).toHaveBeenCalledTimes(2);
});

it("knows whether there is a network", () => {
  expect(browserEnvironment.isOnline()).toBe(true);
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  expect(browserEnvironment.isOnline()).toBe(false);
});

it("reports that the page became visible, not that it was hidden, until it is stopped", () => {
  const onVisible = vi.fn<() => void>();
  const stop = browserEnvironment.whenVisible(onVisible);
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
