/** The shots of a film: rough cut, cast, board, and the screenplay beside it. */
import { useCallback, useEffect, useRef, useState } from "react";

import { Lightbox, type Slide } from "../components/Lightbox";
import { ShowMore } from "../components/ShowMore";
import { charactersOf, firstOfKind, scenesOf, sideOf, type CharacterView } from "../shots";
import { shotStatus } from "../shotStatus";
import type { ViewProps } from "../views/viewProps";
import { capitalize, tasksOf } from "@callboard/client";
import { CastStrip } from "./CastStrip";
import css from "./FilmBoard.module.css";
import { reelOf } from "./reel";
import { RoughCut } from "./RoughCut";
import { Screenplay } from "./Screenplay";
import { ShotBoard } from "./ShotBoard";
import { ShotDialog } from "./ShotDialog";

const HOVER_MS = 150; // the mouse only crosses many tiles

export function FilmBoard({ workflow, boards, onMoreArtifacts }: ViewProps) {
  const [portrait, setPortrait] = useState<string | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const { focused, onFocus } = useFocused();
  const scenes = scenesOf(workflow, boards);
  const characters = charactersOf(workflow);
  const shots = scenes.flatMap((scene) => scene.shots);
  // Until somebody looks at a shot, the one that is being made.
  const inFocus =
    shots.find(({ id }) => id === (opened ?? focused)) ??
    shots.find((shot) => shotStatus(shot).phase === "moving");
  const isFilmThere = workflow.state === "completed" && firstOfKind(workflow, "video") !== undefined;
  return (
    <div className={css.columns}>
      <div>
        {characters.length > 0 && <CastStrip characters={characters} onOpen={setPortrait} />}
        {!isFilmThere && <RoughCut reel={reelOf(shots)} isComplete={isPlanned(workflow)} />}
        {shots.length > 0 ? (
          <ShotBoard scenes={scenes} onOpen={setOpened} onFocus={onFocus} />
        ) : (
          <p className={css.none}>{noteOf(workflow)}</p>
        )}
        {onMoreArtifacts && <ShowMore hidden="Older pictures are left out." onMore={onMoreArtifacts} />}
      </div>
      <ScriptColumn>
        <Screenplay workflow={workflow} shot={inFocus} />
      </ScriptColumn>
      <Lightbox slides={characters.flatMap(slidesOf)} shown={portrait} onShow={setPortrait} />
      <ShotDialog workflow={workflow} shots={shots} shown={opened} onShow={setOpened} />
    </div>
  );
}

/** On a phone it is below the shots, and closed. */
function ScriptColumn({ children }: { children: React.ReactNode }) {
  const [isWide] = useState(() => globalThis.matchMedia?.("(min-width: 62em)").matches ?? true);
  return (
    <aside className={css.script} aria-label="Screenplay">
      <details open={isWide}>
        <summary>Screenplay</summary>
        {children}
      </details>
    </aside>
  );
}

/** The shot that somebody looks at: at once with the keyboard, a moment later with the mouse. */
function useFocused() {
  const [focused, setFocused] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const onFocus = useCallback((id: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setFocused(id), HOVER_MS);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { focused, onFocus };
}

/** Whether all shots are known. */
function isPlanned(workflow: ViewProps["workflow"]): boolean {
  const boards = tasksOf(workflow).filter(({ skill }) => skill === "draw_storyboard");
  return boards.length > 0 && boards.every(({ state }) => state === "completed");
}

function noteOf({ state }: ViewProps["workflow"]): string {
  return ["failed", "cancelled", "completed"].includes(state)
    ? "It ended before a shot was planned."
    : "Shots appear here as soon as the storyboard is drawn.";
}

function slidesOf(character: CharacterView): Slide[] {
  return character.portraits.map((portrait) => ({
    id: portrait.id,
    image: portrait,
    title: character.name,
    alt: `${character.name}, ${sideOf(portrait)}`,
    words: capitalize(sideOf(portrait)),
  }));
}
