/** The workflow as a picture: its title until there is one, then the newest frame, in the end what it has made. */
import { useRef, useState } from "react";

import { Episodes } from "./Episodes";
import { FilmPlayer } from "./FilmPlayer";
import css from "./VideoPreview.module.css";
import { Picture } from "@/shared/components/Picture";
import { Recording } from "./MadeList";
import { filmsOf, isFilm, mediumOf, resultsOf, soundOf } from "../results";
import type { Medium } from "../results";
import { newestFrame, shotId } from "../shots";
import type { ListExports } from "../takeAlong";
import { type ArtifactBody, capitalize, humanize, type WorkflowSnapshot } from "@callboard/client";
import { stateDisplay } from "@/shared/components/StateBadge";

const IS_MOVING = new Set(["running", "pausing", "cancelling"]);

interface Props {
  workflow: WorkflowSnapshot;
  /** null: not from here. */
  takeAlong: ListExports | null;
}

export function VideoPreview({ workflow, takeAlong }: Props) {
  const films = filmsOf(workflow);
  if (films.length && workflow.state === "completed")
    return <Films workflow={workflow} films={films} takeAlong={takeAlong} />;
  const newest = newestFrame(workflow) ?? newestPicture(workflow);
  return newest ? <Newest workflow={workflow} picture={newest} /> : <TitleCard workflow={workflow} />;
}

/** The film; of a series the episode that was chosen. */
function Films({ workflow, films, takeAlong }: Props & { films: ArtifactBody[] }) {
  const [chosen, setChosen] = useState("");
  const player = useRef<HTMLDivElement>(null);
  const film = films.find(({ id }) => id === chosen) ?? films[0];
  if (!film) return null;
  const play = ({ id }: ArtifactBody) => {
    setChosen(id);
    player.current?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div>
      <div ref={player}>
        <FilmPlayer key={film.id} workflow={workflow} video={film} isToPlay={chosen !== ""} />
      </div>
      {films.length > 1 && (
        <Episodes workflow={workflow} films={films} current={film} onPlay={play} takeAlong={takeAlong} />
      )}
    </div>
  );
}

function Newest({ workflow, picture }: { workflow: WorkflowSnapshot; picture: ArtifactBody }) {
  const isMoving = IS_MOVING.has(workflow.state);
  const words = captionOf(picture);
  return (
    <div className={`${css.preview} ${isMoving ? "" : css.still}`}>
      <div className={`${css.picture} ${isMoving || mediumOfResult(workflow) === "image" ? "" : css.dim}`}>
        <Picture
          image={picture}
          alt={words}
          fit="contain"
          // While pictures come every other second, each of them in full would hold up the next.
          {...(isMoving && { width: 640 })}
        />
      </div>
      <div className={css.label}>
        <span className={css.lamp} aria-hidden />
        {isMoving ? words : `${stateDisplay(workflow.state).label} · ${words}`}
      </div>
    </div>
  );
}

function TitleCard({ workflow }: { workflow: WorkflowSnapshot }) {
  const sound = soundOf(workflow);
  return (
    <div className={`${css.preview} ${css.still}`}>
      <div className={css.titleCard}>
        <p className={css.title}>{workflow.title}</p>
        {sound ? (
          <Recording key={sound.id} artifact={sound} />
        ) : (
          <p className={css.note}>{noteOf(workflow)}</p>
        )}
      </div>
    </div>
  );
}

function noteOf(workflow: WorkflowSnapshot): string {
  const isToCome = ["pending", "running", "pausing", "paused"].includes(workflow.state);
  if (isFilm(workflow)) {
    return isToCome
      ? "The first pictures appear here as soon as they are drawn."
      : "No pictures were drawn for this workflow.";
  }
  if (isToCome) return "What is made appears below, as soon as it is there.";
  return workflow.artifacts.length ? "What was made is below." : "Nothing was made.";
}

/** The last picture of a workflow that makes no film. */
function newestPicture(workflow: WorkflowSnapshot): ArtifactBody | undefined {
  if (isFilm(workflow)) return undefined;
  return workflow.artifacts.findLast((artifact) => mediumOf(artifact) === "image");
}

/** What a workflow that is completed has made in the end. */
function mediumOfResult(workflow: WorkflowSnapshot): Medium | undefined {
  const result = workflow.state === "completed" ? resultsOf(workflow).at(-1) : undefined;
  return result && mediumOf(result);
}

function captionOf(artifact: ArtifactBody): string {
  const shot = shotId(artifact.task);
  return shot ? `Shot ${shot}` : capitalize(humanize(artifact.name));
}
