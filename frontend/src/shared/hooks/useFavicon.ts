import { useEffect } from "react";

import type { Tone } from "@callboard/react";

const SIZE = 32;
const RADIUS = 12;
const LENGTH = 2 * Math.PI * RADIUS;
/** As in both themes: a tab's colours are the browser's. */
const COLOURS: Record<Tone, string> = {
  accent: "#f08c1a",
  ok: "#22a06b",
  bad: "#d8384f",
  wait: "#3f7fd6",
  mute: "#8c8a86",
};

/** Shows progress (0.0-1.0) in the tab's icon, in a twentieth steps; null: the usual icon. */
export function useFavicon(progress: number | null, tone: Tone): void {
  const step = progress === null ? null : Math.round(progress * 20) / 20;
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!link || step === null) return undefined;
    const usual = link.href;
    link.href = `data:image/svg+xml,${encodeURIComponent(ring(step, COLOURS[tone]))}`;
    return () => {
      link.href = usual;
    };
  }, [step, tone]);
}

function ring(progress: number, colour: string): string {
  const circle = `cx="${SIZE / 2}" cy="${SIZE / 2}" r="${RADIUS}" fill="none" stroke-width="6"`;
  const done = `stroke-dasharray="${progress * LENGTH} ${LENGTH}" transform="rotate(-90 ${SIZE / 2} ${SIZE / 2})"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}">` +
    `<circle ${circle} stroke="#8c8a86" stroke-opacity=".35"/><circle ${circle} stroke="${colour}" ${done}/></svg>`
  );
}
