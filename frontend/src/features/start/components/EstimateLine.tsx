/** What the film will take, told before it is started: "3 scenes, 10 shots, 1 min of film, ready in about 2–3 min". */
import { type Forecast, formatRange } from "@callboard/client";
import css from "./StartForm.module.css";

export function EstimateLine({ estimate }: { estimate: Forecast | null }) {
  return (
    <output className={css.estimate} aria-label="What it takes">
      {estimate && wordsOf(estimate)}
    </output>
  );
}

function wordsOf({ scenes, shots, film_seconds, seconds }: Forecast): string {
  const parts = [
    ...counted(scenes, "scene"),
    ...counted(shots, "shot"),
    ...(film_seconds === null ? [] : [`${lengthOf(film_seconds)} of film`]),
    ...(seconds === null ? [] : [`ready in about ${formatRange(seconds)}`]),
  ];
  return parts.join(", ");
}

function counted(count: number | null, one: string): string[] {
  return count === null ? [] : [`${count.toLocaleString("en")} ${count === 1 ? one : `${one}s`}`];
}

/** The length of a film: "90 s", "12 min", "3 h 48 min". */
function lengthOf(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
