/** The screenplay as it is written, beside the shots: it scrolls along with the shot that has the focus. */
import { useEffect, useMemo, useRef } from "react";

import type { WorkflowSnapshot } from "@callboard/client";
import { useMadeText } from "../hooks/useMadeText";
import type { ShotView } from "../shots";
import { paragraphsOf, scenesOfScript, type Paragraph, type ScriptScene } from "./screenplay";
import css from "./Screenplay.module.css";

interface Props {
  workflow: WorkflowSnapshot;
  /** The one that has the focus. */
  shot: ShotView | undefined;
}

export function Screenplay({ workflow, shot }: Props) {
  const scenes = useScript(workflow);
  const text = useRef<HTMLElement>(null);
  const number = Number(shot?.id.split(".")[0]);
  const scene = scenes.find((each) => each.number === number);
  const shown = new Set(scene && shot?.board ? paragraphsOf(shot.board, scene) : []);
  const place = `${number}.${[...shown][0] ?? ""}`;

  useEffect(() => {
    const box = text.current;
    const target = box?.querySelector(`[data-place="${place}"]`);
    if (box && target) scrollTo(box, target);
  }, [place]);
  if (!scenes.length) return <p className={css.none}>{noteOf(workflow)}</p>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
    <section ref={text} className={css.text} tabIndex={0} aria-label="Text of the screenplay">
      {scenes.map((each) => (
        <Scene key={each.number} scene={each} shown={each === scene ? shown : NONE} />
      ))}
    </section>
  );
}

const NONE: ReadonlySet<number> = new Set();

/** The whole screenplay, or until it is there the scenes that are. */
function useScript(workflow: WorkflowSnapshot): ScriptScene[] {
  // The same screenplay is kept for Final Draft as well, which is not shown.
  const whole = workflow.artifacts.findLast(
    ({ kind, media_type }) => kind === "script" && media_type === "text/plain",
  );
  const written = whole
    ? [whole]
    : workflow.artifacts
        .filter(({ kind }) => kind === "scene")
        .toSorted((a, b) => numberOf(a.task) - numberOf(b.task));
  const texts = useMadeText(written);
  const joined = texts.join("\n\n");
  return useMemo(() => scenesOfScript(joined), [joined]);
}

function numberOf(key: string): number {
  return Number(key.split("/")[1] ?? 0);
}

function noteOf({ state }: WorkflowSnapshot): string {
  return ["failed", "cancelled", "completed"].includes(state)
    ? "No screenplay was written."
    : "It appears here scene by scene, as it is written.";
}

function Scene({ scene, shown }: { scene: ScriptScene; shown: ReadonlySet<number> }) {
  return (
    <div>
      <h2 className={css.heading} data-place={`${scene.number}.`}>
        <span className={css.number}>{scene.number}</span> {scene.heading}
      </h2>
      {scene.paragraphs.map((paragraph, index) => (
        <Words
          key={index} // oxlint-disable-line react/no-array-index-key -- the text does not change
          paragraph={paragraph}
          place={`${scene.number}.${index}`}
          isShown={shown.has(index)}
        />
      ))}
    </div>
  );
}

function Words({ paragraph, place, isShown }: { paragraph: Paragraph; place: string; isShown: boolean }) {
  const { kind, character, parenthetical, text } = paragraph;
  return (
    <p className={`${css.paragraph} ${css[kind]}`} data-place={place} data-shown={isShown || undefined}>
      {character && <span className={css.character}>{character}</span>}
      {parenthetical && <span className={css.aside}>{parenthetical}</span>}
      {text}
    </p>
  );
}

/** The box alone scrolls, not the page. */
function scrollTo(box: HTMLElement, target: Element) {
  const offset = target.getBoundingClientRect().top - box.getBoundingClientRect().top;
  box.scrollTo({ top: box.scrollTop + offset - box.clientHeight / 3, behavior: "smooth" });
}
