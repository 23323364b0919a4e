/** A tile for each shot, by scene, with a filter. Arrow keys go from tile to tile, Enter opens one. */
import {
  useCallback,
  useDeferredValue,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
} from "react";

import type { SceneView } from "../shots";
import css from "./ShotBoard.module.css";
import { ShotTile } from "./ShotTile";
import { counts, filtered, FILTERS, type Filter } from "./steps";
import { tileAfter } from "./tileAfter";

interface Props {
  scenes: SceneView[];
  onOpen: (shot: string) => void;
  /** A shot has the focus, or the mouse is over it. */
  onFocus: (shot: string) => void;
}

const NONE: Record<Filter, string> = {
  all: "Frames appear here, shot by shot.",
  failed: "No shot has failed.",
  running: "Nothing is being made of any shot right now.",
  "to come": "Nothing is left to come.",
};

export function ShotBoard({ scenes, onOpen, onFocus }: Props) {
  const [filter, setFilter] = useState<Filter>("all");
  const [current, setCurrent] = useState<string | null>(null);
  const deferred = useDeferredValue(filter); // two thousand tiles may come and go: the button answers first
  const shown = filtered(scenes, deferred);
  const ids = shown.flatMap(({ shots }) => shots.map(({ id }) => id));
  const stop = current !== null && ids.includes(current) ? current : ids[0];

  const note = useCallback(
    (event: FocusEvent | PointerEvent) => {
      const id = shotOf(event.target);
      if (!id) return;
      if (event.type === "focus") setCurrent(id);
      onFocus(id);
    },
    [onFocus],
  );
  return (
    <div>
      <Filters scenes={scenes} filter={filter} onFilter={setFilter} />
      {shown.length === 0 && <p className={css.none}>{NONE[deferred]}</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the tiles in it are buttons */}
      <div onKeyDown={moveFocus} onFocus={note} onPointerOver={note}>
        {shown.map((scene) => (
          <section key={scene.number} className={css.scene} aria-label={`Scene ${scene.number}`}>
            <h2 className={css.heading}>
              Scene {scene.number} <small>{scene.heading}</small>
            </h2>
            <ul className={css.shots}>
              {scene.shots.map((shot) => (
                <ShotTile key={shot.id} shot={shot} isCurrent={shot.id === stop} onOpen={onOpen} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

interface FiltersProps {
  scenes: SceneView[];
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

function Filters({ scenes, filter, onFilter }: FiltersProps) {
  const found = counts(scenes);
  return (
    <fieldset className={css.filters} aria-label="Which shots are shown">
      {FILTERS.map((each) => (
        <button
          key={each}
          type="button"
          className={css.filter}
          aria-pressed={each === filter}
          onClick={() => onFilter(each)}
        >
          {each === "all" ? "All" : each === "failed" ? "Failed" : each === "running" ? "Running" : "To come"}{" "}
          <span className={css.count}>{found[each].toLocaleString("en")}</span>
        </button>
      ))}
    </fieldset>
  );
}

function shotOf(target: EventTarget): string | undefined {
  return target instanceof Element
    ? (target.closest("li")?.querySelector<HTMLElement>("[data-shot]")?.dataset["shot"] ?? undefined)
    : undefined;
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
  if (!(event.target instanceof HTMLElement) || !event.target.dataset["shot"]) return;
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-shot]")];
  const next = tileAfter(tiles, event.target, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}
