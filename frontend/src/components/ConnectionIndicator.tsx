/** Whether what is on the screen is live: a lamp in the header, and a quiet banner while it may be old. */
import { IconAntennaBars1, IconAntennaBars5, IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";

import css from "./ConnectionIndicator.module.css";
import type { Tone } from "./StateBadge";
import tones from "./tone.module.css";
import { ago } from "./timeWords";
import { useNow } from "./useNow";

export type LinkState = "connecting" | "live" | "reconnecting" | "polling" | "offline" | "signed_out";

export interface Link {
  state: LinkState;
  /** When the next try is due, in ms since the epoch. */
  nextTryAt: number | null;
  lastMessageAt: number | null;
}

const LAMPS: Record<LinkState, { label: string; tone: Tone; Icon: typeof IconRefresh }> = {
  connecting: { label: "Connecting", tone: "mute", Icon: IconAntennaBars1 },
  live: { label: "Live", tone: "ok", Icon: IconAntennaBars5 },
  reconnecting: { label: "Reconnecting", tone: "wait", Icon: IconRefresh },
  polling: { label: "Polling", tone: "wait", Icon: IconRefresh },
  offline: { label: "Offline", tone: "bad", Icon: IconPlugConnectedX },
  signed_out: { label: "Signed out", tone: "bad", Icon: IconPlugConnectedX },
};

export function ConnectionIndicator({ link }: { link: Link }) {
  const { label, tone, Icon } = LAMPS[link.state];
  const seconds = useSecondsToNextTry(link);
  const isWaiting = link.state === "reconnecting" && seconds > 0;
  return (
    <span className={`${css.link} ${tones[tone]} ${link.state === "live" ? css.quiet : ""}`}>
      <Icon size={17} aria-hidden />
      <span role="status" aria-label={`Connection: ${label}`}>
        {label}
      </span>
      {isWaiting && <span aria-hidden>in {seconds} s</span>}
    </span>
  );
}

/** Says why the screen may be behind, and since when; nothing while it is live. */
export function StaleBanner({ link, onRetry }: { link: Link; onRetry?: (() => void) | undefined }) {
  const now = useNow(10_000, link.state !== "live");
  const words = bannerWords(link.state);
  if (!words) return null;
  const since = link.lastMessageAt
    ? ` Last news ${ago(new Date(link.lastMessageAt).toISOString(), now)}.`
    : "";
  return (
    <div className={`${css.banner} ${tones[LAMPS[link.state].tone]}`} role="status">
      <span>
        {words}
        {since}
      </span>
      {onRetry && link.state !== "polling" && (
        <button type="button" onClick={onRetry}>
          Try now
        </button>
      )}
    </div>
  );
}

function bannerWords(state: LinkState): string {
  switch (state) {
    case "reconnecting":
      return "The connection was lost. Your videos go on being made; this page catches up when it is back.";
    case "polling":
      return "No live connection: this page asks for news every few seconds instead.";
    case "offline":
      return "You are offline. Your videos go on being made.";
    case "signed_out":
      return "You were signed out. Sign in again to see the present state.";
    case "connecting":
    case "live":
    default:
      return "";
  }
}

function useSecondsToNextTry({ state, nextTryAt }: Link): number {
  const now = useNow(500, state === "reconnecting" && nextTryAt !== null);
  return nextTryAt === null ? 0 : Math.max(0, Math.ceil((nextTryAt - now) / 1000));
}
