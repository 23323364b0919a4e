/** The finished film, with captions, and its chapters below. */
import { lazy, Suspense, useRef, useState } from "react";

import type { ArtifactBody, WorkflowSnapshot } from "@callboard/client";
import { besideFilm } from "../results";
import css from "./VideoPreview.module.css";

const Chapters = lazy(async () => ({ default: (await import("./Chapters")).Chapters }));

interface Props {
  workflow: WorkflowSnapshot;
  video: ArtifactBody;
  /** Somebody has just asked for it. */
  isToPlay: boolean;
}

/** Keeps the URLs of the first render: a newly signed URL must not restart the video. */
export function FilmPlayer({ workflow, video, isToPlay }: Props) {
  const player = useRef<HTMLVideoElement>(null);
  const [urls] = useState(() => ({
    video: video.url,
    poster: besideFilm(workflow, video, "poster")?.url,
    captions: besideFilm(workflow, video, "captions")?.url,
    chapters: besideFilm(workflow, video, "chapters")?.url,
  }));
  const playFrom = (start: number) => {
    if (!player.current) return;
    player.current.currentTime = start;
    void player.current.play().catch(() => undefined); // some browsers want a click on the player itself
  };
  return (
    <div>
      <div className={css.preview}>
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- the track is there whenever captions exist */}
        <video
          ref={player}
          className={css.video}
          controls
          autoPlay={isToPlay}
          playsInline
          preload="metadata"
          src={urls.video}
          poster={urls.poster}
          aria-label={`Video: ${workflow.title}`}
        >
          {urls.captions && <track kind="captions" src={urls.captions} srcLang="en" label="Captions" />}
          {urls.chapters && (
            <track kind="chapters" src={urls.chapters} srcLang="en" label="Chapters" default />
          )}
        </video>
      </div>
      {urls.chapters && (
        <Suspense fallback={null}>
          <Chapters workflow={workflow} film={video} video={player} onGo={playFrom} />
        </Suspense>
      )}
    </div>
  );
}
