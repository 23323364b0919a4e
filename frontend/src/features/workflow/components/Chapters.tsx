/** The scenes and shots of a finished film with their times; each leads there, and the one that is shown is marked. */
import { useEffect, useRef, useState, type RefObject } from "react";

import { type ArtifactBody, formatElapsed, type WorkflowSnapshot } from "@callboard/client";
import { thumbnailUrl } from "@/shared/thumbnails";
import { chapterAt, chaptersOf, sceneWords, type Chapter } from "../chapters";
import { useMadeText } from "../hooks/useMadeText";
import { useStoryboards } from "../hooks/useStoryboards";
import { besideFilm } from "../results";
import { scenesOf, type ShotView } from "../shots";
import css from "./Chapters.module.css";

interface Props {
  workflow: WorkflowSnapshot;
  film: ArtifactBody;
  video: RefObject<HTMLVideoElement | null>;
  /** Plays from there, in seconds. */
  onGo: (start: number) => void;
}

export function Chapters({ workflow, film, video, onGo }: Props) {
  const made = besideFilm(workflow, film, "chapters");
  const [vtt = ""] = useMadeText(made ? [made] : []);
  const scenes = scenesOf(workflow, useStoryboards(workflow.artifacts));
  const chapters = chaptersOf(vtt);
  const current = useCurrent(video, chapters);
  if (!chapters.length) return null;
  const shots = new Map(scenes.flatMap((scene) => scene.shots).map((shot) => [shot.id, shot]));
  return (
    <nav aria-label="Chapters of the film" className={css.chapters}>
      <ol className={css.list}>
        {chapters.map((chapter, index) => (
          <Entry
            key={chapter.start}
            chapter={chapter}
            scene={sceneWords(chapters, index, scenes)}
            shot={shots.get(chapter.shot)}
            poster={besideFilm(workflow, film, "poster")?.url}
            isCurrent={index === current}
            onGo={onGo}
          />
        ))}
      </ol>
    </nav>
  );
}

interface EntryProps {
  chapter: Chapter;
  scene: string;
  shot: ShotView | undefined;
  /** For what is no shot. */
  poster: string | undefined;
  isCurrent: boolean;
  onGo: (start: number) => void;
}

function Entry({ chapter, scene, shot, poster, isCurrent, onGo }: EntryProps) {
  const entry = useRef<HTMLLIElement>(null);
  const [picture] = useState(shot ? shot.frame?.url : poster); // a newly signed URL must not load it again
  useEffect(() => {
    const [element, list] = [entry.current, entry.current?.parentElement];
    if (isCurrent && element)
      list?.scrollTo({ left: element.offsetLeft - list.clientWidth / 3, behavior: "smooth" });
  }, [isCurrent]);
  return (
    <li ref={entry} className={css.entry}>
      <span className={css.scene} title={scene}>
        {scene}
      </span>
      <button
        type="button"
        className={css.chapter}
        aria-current={isCurrent ? "true" : undefined}
        title={shot?.board?.description}
        onClick={() => onGo(chapter.start)}
      >
        <span className={css.picture}>
          {picture && (
            <img src={thumbnailUrl(picture, 320)} alt="" loading="lazy" data-card={shot ? undefined : true} />
          )}
        </span>
        <span className={css.words}>
          {chapter.title} <span className={css.time}>{formatElapsed(chapter.start)}</span>
        </span>
      </button>
    </li>
  );
}

/** The index of the chapter that the player shows. */
function useCurrent(video: RefObject<HTMLVideoElement | null>, chapters: readonly Chapter[]): number {
  const [time, setTime] = useState(0);
  useEffect(() => {
    const player = video.current;
    if (!player) return undefined;
    const note = () => setTime(player.currentTime);
    player.addEventListener("timeupdate", note);
    player.addEventListener("seeking", note);
    return () => {
      player.removeEventListener("timeupdate", note);
      player.removeEventListener("seeking", note);
    };
  }, [video]);
  return chapterAt(chapters, time);
}
