/** The workflow as a picture: its title until there is one, then the newest frame, in the end the video. */
import { useState } from "react";

import css from "./VideoPreview.module.css";
import { Picture } from "@/shared/components/Picture";
import { firstOfKind, newestFrame, shotId, sideOf, characterName } from "../shots";
import { capitalize, humanize } from "@/shared/formatText";
import type { ArtifactBody, WorkflowSnapshot } from "@/realtime/messages.gen";
import { stateDisplay } from "@/shared/components/StateBadge";

const IS_MOVING = new Set(["running", "pausing", "cancelling"]);

export function VideoPreview({ workflow }: { workflow: WorkflowSnapshot }) {
  const video = firstOfKind(workflow, "video");
  if (video && workflow.state === "completed")
    return <Player key={video.id} workflow={workflow} video={video} />;
  const newest = newestFrame(workflow);
  const isMoving = IS_MOVING.has(workflow.state);
  const words = newest ? captionOf(newest) : "";
  return (
    <div className={`${css.preview} ${isMoving ? "" : css.still}`}>
      {newest ? (
        <div className={isMoving ? "" : css.dim}>
          <Picture image={newest} alt={words} fit={newest.kind === "character" ? "contain" : "cover"} />
        </div>
      ) : (
        <TitleCard workflow={workflow} />
      )}
      {newest && (
        <div className={css.label}>
          <span className={css.lamp} aria-hidden />
          {isMoving ? words : `${stateDisplay(workflow.state).label} · ${words}`}
        </div>
      )}
    </div>
  );
}

function TitleCard({ workflow }: { workflow: WorkflowSnapshot }) {
  const note =
    workflow.state === "running" || workflow.state === "pending"
      ? "The first pictures appear here as soon as they are drawn."
      : "No pictures were drawn for this workflow.";
  return (
    <div className={css.titleCard}>
      <p className={css.title}>{workflow.title}</p>
      <p className={css.note}>{note}</p>
    </div>
  );
}

/** Keeps the URLs of the first render: a newly signed URL must not restart the video. */
function Player({ workflow, video }: { workflow: WorkflowSnapshot; video: ArtifactBody }) {
  const [urls] = useState(() => ({
    video: video.url,
    poster: firstOfKind(workflow, "poster")?.url,
    captions: firstOfKind(workflow, "captions")?.url,
  }));
  return (
    <div className={css.preview}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- the track is there whenever captions exist */}
      <video
        className={css.video}
        controls
        playsInline
        preload="metadata"
        src={urls.video}
        poster={urls.poster}
        aria-label={`Video: ${workflow.title}`}
      >
        {urls.captions && <track kind="captions" src={urls.captions} srcLang="en" label="Captions" />}
      </video>
    </div>
  );
}

function captionOf(artifact: ArtifactBody): string {
  const shot = shotId(artifact.task);
  if (shot) return `Shot ${shot}`;
  return artifact.kind === "character"
    ? [characterName(artifact) || "Portrait", sideOf(artifact)].join(", ")
    : capitalize(humanize(artifact.name));
}
