/** What the browser says of the network and of the page's visibility. An interface, so that tests can fake it. */

export interface BrowserEnvironment {
  /** False: the browser is sure that there is no network. */
  isOnline(): boolean;
  /** Calls `onChange` when the network comes or goes. Returns a function that stops it. */
  whenNetworkChanges(onChange: () => void): () => void;
  /** False: nobody can see the page, so that nothing in it is urgent. */
  isVisible(): boolean;
  /** Calls `onVisible` when the page becomes visible. Returns a function that stops it. */
  whenVisible(onVisible: () => void): () => void;
}

export const browserEnvironment: BrowserEnvironment = {
  isOnline: () => navigator.onLine,
  whenNetworkChanges(onChange) {
    window.addEventListener("online", onChange);
    window.addEventListener("offline", onChange);
    return () => {
      window.removeEventListener("online", onChange);
      window.removeEventListener("offline", onChange);
    };
  },
  isVisible: () => document.visibilityState === "visible",
  whenVisible(onVisible) {
    const onChange = () => document.visibilityState === "visible" && onVisible();
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  },
};
