/** All portraits and frames: the cast, then the film shot by shot, with placeholders for what is not drawn yet. */
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useState } from "react";

import type { WorkflowSnapshot } from "@callboard/client";
import css from "./ContactSheet.module.css";
import { Lightbox } from "./Lightbox";
import type { Slide } from "./Lightbox";
import { Picture } from "@/shared/components/Picture";
import { ProgressBar } from "@/shared/components/ProgressBar";
import { charactersOf, scenesOf, shotNotes, sideOf } from "../shots";
import { capitalize } from "@/shared/formatText";
import type { CharacterView, SceneView, ShotView, Storyboard } from "../shots";
import { stateDisplay } from "@/shared/components/StateBadge";

interface Props {
  workflow: WorkflowSnapshot;
  boards: Storyboard[];
}

export function ContactSheet({ workflow, boards }: Props) {
  const [shown, setShown] = useState<string | null>(null);
  const scenes = scenesOf(workflow, boards);
  const characters = charactersOf(workflow);
  const slides = [
    ...characters.flatMap(portraitSlides),
    ...scenes.flatMap((scene) => scene.shots.flatMap(shotSlides)),
  ];
  if (!scenes.length && !characters.length) {
    return <p className={css.empty}>Portraits and frames appear here, shot by shot.</p>;
  }
  return (
    <div>
      {characters.length > 0 && <Cast characters={characters} onOpen={setShown} />}
      {scenes.map((scene) => (
        <Scene key={scene.number} scene={scene} onOpen={setShown} />
      ))}
      <Lightbox slides={slides} shown={shown} onShow={setShown} />
    </div>
  );
}

function Cast({ characters, onOpen }: { characters: CharacterView[]; onOpen: (id: string) => void }) {
  return (
    <section className={css.section} aria-label="Cast">
      <h3 className={css.heading}>Cast</h3>
      <ul className={css.people}>
        {characters.map((character) => (
          <li key={character.key}>
            <div className={css.sides}>
              {[0, 1, 2].map((index) => {
                const portrait = character.portraits[index];
                return (
                  <button
                    key={index}
                    type="button"
                    className={css.frame}
                    disabled={!portrait}
                    aria-label={
                      portrait ? `Enlarge ${altOf(character, portrait)}` : `${character.name}, to come`
                    }
                    onClick={() => portrait && onOpen(portrait.id)}
                  >
                    <Picture image={portrait} alt="" ratio="3 / 4" isLazy />
                  </button>
                );
              })}
            </div>
            <p className={css.words}>
              {character.name}
              {character.isBeingDrawn && <span className={css.notes}> being drawn</span>}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Scene({ scene, onOpen }: { scene: SceneView; onOpen: (id: string) => void }) {
  return (
    <section className={css.section} aria-label={`Scene ${scene.number}`}>
      <h3 className={css.heading}>
        Scene {scene.number} <small>{scene.heading}</small>
      </h3>
      <ul className={css.shots}>
        {scene.shots.map((shot) => (
          <ShotCard key={shot.id} shot={shot} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  );
}

function ShotCard({ shot, onOpen }: { shot: ShotView; onOpen: (id: string) => void }) {
  const { frame, board } = shot;
  return (
    <li>
      <button
        type="button"
        className={css.frame}
        disabled={!frame}
        aria-label={frame ? `Enlarge shot ${shot.id}` : `Shot ${shot.id}, to come`}
        onClick={() => frame && onOpen(frame.id)}
      >
        <Picture image={frame} alt={shotAlt(shot)} isLazy>
          <span className={css.number}>{shot.id}</span>
          {shot.clip && (
            <span className={css.clip} title="The clip is ready">
              <IconPlayerPlayFilled size={11} aria-hidden />
            </span>
          )}
          <ShotState shot={shot} />
        </Picture>
      </button>
      {board && (
        <>
          <p className={css.words}>{board.description}</p>
          <p className={css.notes}>{shotNotes(board)}</p>
        </>
      )}
    </li>
  );
}

/** The state of the shot's tasks, over its picture. */
function ShotState({ shot }: { shot: ShotView }) {
  const failed = shot.tasks.find((task) => task.state === "failed");
  if (failed) return <span className={`${css.waiting} ${css.failed}`}>Failed</span>;
  const running = shot.tasks.find((task) => task.state === "running");
  if (running) {
    return (
      <span className={css.underway}>
        <ProgressBar value={running.progress} label={`Progress of shot ${shot.id}`} height={4} />
      </span>
    );
  }
  return shot.frame ? null : (
    <span className={css.waiting}>{stateDisplay(shot.tasks[0]?.state ?? "pending").label}</span>
  );
}

function shotAlt(shot: ShotView): string {
  return shot.board ? `Shot ${shot.id}: ${shot.board.description}` : `Shot ${shot.id}`;
}

function altOf(character: CharacterView, portrait: CharacterView["portraits"][number]): string {
  return `${character.name}, ${sideOf(portrait)}`;
}

function portraitSlides(character: CharacterView): Slide[] {
  return character.portraits.map((portrait) => ({
    id: portrait.id,
    image: portrait,
    title: character.name,
    alt: altOf(character, portrait),
    words: capitalize(sideOf(portrait)),
  }));
}

function shotSlides(shot: ShotView): Slide[] {
  if (!shot.frame) return [];
  return [
    {
      id: shot.frame.id,
      image: shot.frame,
      title: `Shot ${shot.id}`,
      alt: shotAlt(shot),
      words: shot.board?.description ?? "",
      ...(shot.board && { notes: shotNotes(shot.board), lines: shot.board.dialogue }),
      ...(shot.clip && { clip: shot.clip.url }),
    },
  ];
}
