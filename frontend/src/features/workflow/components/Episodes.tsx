/** The episodes of a series: each with its poster, title and length, to be played, and to be taken along. */
import { IconPlayerPlayFilled } from "@tabler/icons-react";

import { formatElapsed, type ArtifactBody, type WorkflowSnapshot } from "@callboard/client";
import { Picture } from "@/shared/components/Picture";
import { chaptersOf } from "../chapters";
import { useMadeText } from "../hooks/useMadeText";
import { besideFilm } from "../results";
import type { ListExports } from "../takeAlong";
import css from "./Episodes.module.css";
import { TakeAlong } from "./TakeAlong";

interface Props {
  workflow: WorkflowSnapshot;
  films: ArtifactBody[];
  current: ArtifactBody;
  onPlay: (film: ArtifactBody) => void;
  /** null: not from here. */
  takeAlong: ListExports | null;
}

export function Episodes({ workflow, films, current, onPlay, takeAlong }: Props) {
  const titles = new Map(workflow.stages.flatMap(({ tasks }) => tasks.map(({ key, title }) => [key, title])));
  const lengths = useLengths(workflow, films);
  return (
    <ol aria-label="Episodes" className={css.episodes}>
      {films.map((film, index) => {
        const episode = { number: numberOf(film, index), title: titles.get(film.task) || "Episode" };
        const length = lengths.get(film.id);
        return (
          <li key={film.id} className={`${css.episode} ${film.id === current.id ? css.current : ""}`}>
            <button
              type="button"
              className={css.play}
              aria-label={`Play episode ${episode.number}: ${episode.title}`}
              aria-current={film.id === current.id}
              onClick={() => onPlay(film)}
            >
              <Picture image={besideFilm(workflow, film, "poster")} alt="" width={320} isLazy>
                <IconPlayerPlayFilled className={css.icon} size={22} aria-hidden />
              </Picture>
            </button>
            <span className={css.words}>
              <span className={css.title} title={episode.title}>
                {episode.number}. {episode.title}
              </span>
              {length !== undefined && <small className={css.length}>{formatElapsed(length)}</small>}
            </span>
            {takeAlong && <TakeAlong workflowId={workflow.id} list={takeAlong} episode={episode} />}
          </li>
        );
      })}
    </ol>
  );
}

/** `edit/2` cut the second one; one that was left out leaves its number to nobody. */
function numberOf(film: ArtifactBody, index: number): number {
  return Number(/\/(\d+)$/.exec(film.task)?.[1] ?? index + 1);
}

/** In seconds, by film, as their chapters say. */
function useLengths(workflow: WorkflowSnapshot, films: ArtifactBody[]): Map<string, number> {
  const made = films.flatMap((film) => {
    const chapters = besideFilm(workflow, film, "chapters");
    return chapters ? [{ film, chapters }] : [];
  });
  const texts = useMadeText(made.map(({ chapters }) => chapters));
  return new Map(
    made.flatMap(({ film }, index) => {
      const end = chaptersOf(texts[index] ?? "").at(-1)?.end;
      return end === undefined ? [] : [[film.id, end] as const];
    }),
  );
}
