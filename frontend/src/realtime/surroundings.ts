/** What the browser knows about the way to the server: whether there is a network, and whether somebody looks. */

export interface Surroundings {
  isOnline(): boolean;
  /** Calls `onChange` when the network comes or goes. Returns how to stop. */
  whenNetworkChanges(onChange: () => void): () => void;
  /** Calls `onVisible` when the page comes to the front. Returns how to stop. */
  whenVisible(onVisible: () => void): () => void;
}

export const browser: Surroundings = {
  isOnline: () => navigator.onLine,
  whenNetworkChanges(onChange) {
    window.addEventListener("online", onChange);
    window.addEventListener("offline", onChange);
    return () => {
      window.removeEventListener("online", onChange);
      window.removeEventListener("offline", onChange);
    };
  },
  whenVisible(onVisible) {
    const onChange = () => document.visibilityState === "visible" && onVisible();
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  },
};
