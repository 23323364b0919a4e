/** The state of the connection: an indicator in the header, and a banner while the page may be out of date. */
import { IconAntennaBars1, IconAntennaBars5, IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";

import {
  type ConnectionState,
  type ConnectionStatus,
  type DisconnectCause,
  formatTimeAgo,
} from "@callboard/client";
import css from "./ConnectionIndicator.module.css";
import type { Tone } from "@callboard/react";
import tones from "@/shared/components/tone.module.css";
import { useNow } from "@/shared/hooks/useNow";

export interface ConnectionView extends ConnectionStatus {
  /** When the server last sent anything, in ms since 1970. */
  lastMessageAt: number | null;
}

const DISPLAY: Record<ConnectionState, { label: string; tone: Tone; Icon: typeof IconRefresh }> = {
  connecting: { label: "Connecting", tone: "mute", Icon: IconAntennaBars1 },
  live: { label: "Live", tone: "ok", Icon: IconAntennaBars5 },
  reconnecting: { label: "Reconnecting", tone: "wait", Icon: IconRefresh },
  polling: { label: "Polling", tone: "wait", Icon: IconRefresh },
  offline: { label: "Offline", tone: "bad", Icon: IconPlugConnectedX },
  signed_out: { label: "Signed out", tone: "bad", Icon: IconPlugConnectedX },
  refused: { label: "Refused", tone: "bad", Icon: IconPlugConnectedX },
};

export function ConnectionIndicator({ connection }: { connection: ConnectionView }) {
  const { label, tone, Icon } = DISPLAY[connection.state];
  const seconds = useSecondsToNextTry(connection);
  const isWaiting = connection.state === "reconnecting" && seconds > 0;
  return (
    <span className={`${css.indicator} ${tones[tone]} ${connection.state === "live" ? css.quiet : ""}`}>
      <Icon size={17} aria-hidden />
      <output aria-label={`Connection: ${label}`}>{label}</output>
      {isWaiting && <span aria-hidden>in {seconds} s</span>}
    </span>
  );
}

/** Why the page may be out of date, and since when; nothing while it is live. */
export function StaleBanner({
  connection,
  onRetry,
}: {
  connection: ConnectionView;
  onRetry?: (() => void) | undefined;
}) {
  const now = useNow(10_000, connection.state !== "live");
  const text = bannerText(connection);
  if (!text) return null;
  const since = connection.lastMessageAt
    ? ` Last update ${formatTimeAgo(new Date(connection.lastMessageAt).toISOString(), now)}.`
    : "";
  return (
    <output className={`${css.banner} ${tones[DISPLAY[connection.state].tone]}`}>
      <span>
        {text}
        {since}
      </span>
      {onRetry && (connection.state !== "polling" || connection.problem !== null) && (
        <button type="button" onClick={onRetry}>
          Try now
        </button>
      )}
    </output>
  );
}

const CAUSES: Record<DisconnectCause, string> = {
  lost: "The connection was lost.",
  silent: "The server does not answer.",
  restarting: "The server is restarting.",
};

function bannerText({ state, cause, problem }: ConnectionStatus): string {
  const isKeptOut = problem !== null && (state === "reconnecting" || state === "polling");
  if (isKeptOut) return `${problem} Until then this page may be out of date.`;
  switch (state) {
    case "reconnecting":
      return `${CAUSES[cause ?? "lost"]} What you see may be out of date; this page keeps trying, and then catches up.`;
    case "polling":
      return "WebSocket not available: this page polls the server every few seconds instead.";
    case "offline":
      return "You are offline. What you see may be out of date; this page reconnects when the network is back.";
    case "signed_out":
      return "You were signed out. Sign in again to see the current state.";
    case "refused":
      return problem ?? "The server refused the connection. Sign in again.";
    case "connecting":
    case "live":
    default:
      return "";
  }
}

function useSecondsToNextTry({ state, retryAt }: ConnectionStatus): number {
  const now = useNow(500, state === "reconnecting" && retryAt !== null);
  return retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1000));
}
