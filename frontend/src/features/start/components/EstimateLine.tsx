/** What the film will take, told before it is started: "10 shots, ready in about 2–3 min". */
import { type Forecast, formatRange } from "@callboard/client";
import css from "./StartForm.module.css";

export function EstimateLine({ estimate }: { estimate: Forecast | null }) {
  return (
    <output className={css.estimate} aria-label="What it takes">
      {estimate && wordsOf(estimate)}
    </output>
  );
}

function wordsOf({ shots, seconds }: Forecast): string {
  const parts = [
    ...(shots === null ? [] : [`${shots.toLocaleString("en")} ${shots === 1 ? "shot" : "shots"}`]),
    ...(seconds === null ? [] : [`ready in about ${formatRange(seconds)}`]),
  ];
  return parts.join(", ");
}
