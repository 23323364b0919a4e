/** Durations and moments as people read them. Pure; seconds unless a name says otherwise. */
import type { Eta } from "../messages.gen";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Elapsed time like a stopwatch: "0:07", "12:05", "1:02:33". */
export function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor((whole % HOUR) / MINUTE), whole % MINUTE];
  if (whole >= HOUR) parts.unshift(Math.floor(whole / HOUR));
  return parts.map((part, index) => (index ? String(part).padStart(2, "0") : String(part))).join(":");
}

/** "0.4 s", "12 s", "3 min 20 s": how long something took. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / MINUTE)} min ${Math.round(seconds % MINUTE)} s`;
}

/** "about 30–45 s left", from the p50 and the p90. */
export function formatTimeLeft(eta: Pick<Eta, "p50" | "p90">): string {
  const range = formatRange(eta);
  return range === FEW ? `${range} left` : `about ${range} left`;
}

const FEW = "a few seconds";

/** "30–45 s", from the p50 and the p90. Rounded more coarsely the longer it is, so that the text does not flicker. */
export function formatRange(eta: Pick<Eta, "p50" | "p90">): string {
  const high = coarse(Math.max(eta.p50, eta.p90));
  const low = Math.min(coarse(eta.p50), high);
  if (high <= 5) return FEW;
  const inMinutes = high > 90;
  const figure = inMinutes ? minutes : String;
  const range = figure(low) === figure(high) ? figure(high) : `${figure(low)}–${figure(high)}`;
  return `${range} ${inMinutes ? "min" : "s"}`;
}

function coarse(seconds: number): number {
  const step = seconds <= MINUTE ? 5 : seconds <= 3 * MINUTE ? 15 : seconds <= 10 * MINUTE ? 30 : MINUTE;
  return Math.max(step, Math.round(seconds / step) * step);
}

function minutes(seconds: number): string {
  const halves = Math.max(1, Math.round(seconds / 30));
  const whole = Math.floor(halves / 2);
  return `${whole || ""}${halves % 2 && whole < 5 ? "½" : ""}`;
}

/** "just now", "4 min ago", "3 h ago", "yesterday", "12 Nov". `moment`: ISO 8601; `now`: ms since 1970. */
export function formatTimeAgo(moment: string, now: number): string {
  const seconds = (now - Date.parse(moment)) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < HOUR) return `${Math.max(1, Math.round(seconds / MINUTE))} min ago`;
  if (seconds < DAY) return `${Math.round(seconds / HOUR)} h ago`;
  if (seconds < 2 * DAY) return "yesterday";
  return new Date(moment).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

/** Seconds between two moments (ISO 8601, or ms since 1970), never below 0. */
export function secondsBetween(from: string, to: string | number): number {
  const end = typeof to === "number" ? to : Date.parse(to);
  return Math.max(0, (end - Date.parse(from)) / 1000);
}

/** "14:03:27", in the time zone of the browser. */
export function formatTimeOfDay(moment: string): string {
  return new Date(moment).toLocaleTimeString("en-GB");
}
