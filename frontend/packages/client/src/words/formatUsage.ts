/** What models took, in words. Pure. */
import type { FilmUsage, UsageBody } from "../messages.gen";

/** "12,340 tokens, 14 pictures, about $0.42"; without prices only the counts. */
export function formatUsage(usage: UsageBody): string {
  const counts = [
    count(usage.prompt_tokens + usage.completion_tokens, "token"),
    count(usage.pictures, "picture"),
    usage.video_seconds > 0 ? `${number(usage.video_seconds)} s of video` : "",
    count(usage.speech_characters, "spoken character"),
  ].filter(Boolean);
  return [...(counts.length > 0 ? counts : [count(usage.calls, "call")]), cost(usage)]
    .filter(Boolean)
    .join(", ");
}

/** The same, and what it may cost: "…, about $0.42 (budget $2.00)". */
export function formatFilmUsage(usage: FilmUsage): string {
  return usage.budget === null
    ? formatUsage(usage)
    : `${formatUsage(usage)} (budget ${money(usage.budget, usage.currency)})`;
}

/** Where the price of some calls is not known, it is more. */
function cost({ cost: known, currency, unpriced_calls: unpriced }: UsageBody): string {
  if (known === null) return "";
  return `${unpriced > 0 ? "at least" : "about"} ${money(known, currency)}`;
}

const LEAST_IN_CENTS = 0.1; // less has more digits: a film that is written alone costs a fraction of a cent

function money(amount: number, currency: string): string {
  const digits = amount > 0 && amount < LEAST_IN_CENTS ? { maximumSignificantDigits: 2 } : {};
  return amount.toLocaleString("en", { style: "currency", currency, ...digits });
}

function count(many: number, thing: string): string {
  return many > 0 ? `${number(many)} ${thing}${many === 1 ? "" : "s"}` : "";
}

function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}
