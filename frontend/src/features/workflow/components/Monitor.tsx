/** The big picture: a slate before there is one, then the newest frame, in the end the film itself. */
import { useState } from "react";

import css from "./Monitor.module.css";
import { Picture } from "@/shared/components/Picture";
import { firstOfKind, newestFrame, shotId, sideOf, whoIsOn } from "../shots";
import { capitalize, humanize } from "@/shared/formatText";
import type { ArtifactBody, WorkflowSnapshot } from "@/realtime/messages.gen";
import { lookOf } from "@/shared/components/StateBadge";

const IS_MOVING = new Set(["running", "pausing", "cancelling"]);

export function Monitor({ workflow }: { workflow: WorkflowSnapshot }) {
  const video = firstOfKind(workflow, "video");
  if (video && workflow.state === "completed")
    return <Film key={video.id} workflow={workflow} video={video} />;
  const newest = newestFrame(workflow);
  const isMoving = IS_MOVING.has(workflow.state);
  const words = newest ? whatIsShown(newest) : "";
  return (
    <div className={`${css.monitor} ${isMoving ? "" : css.still}`}>
      {newest ? (
        <div className={isMoving ? "" : css.dim}>
          <Picture image={newest} alt={words} fit={newest.kind === "character" ? "contain" : "cover"} />
        </div>
      ) : (
        <Slate workflow={workflow} />
      )}
      {newest && (
        <div className={css.label}>
          <span className={css.lamp} aria-hidden />
          {isMoving ? words : `${lookOf(workflow.state).label} · ${words}`}
        </div>
      )}
    </div>
  );
}

function Slate({ workflow }: { workflow: WorkflowSnapshot }) {
  const note =
    workflow.state === "running" || workflow.state === "pending"
      ? "The first pictures appear here as soon as they are drawn."
      : "There are no pictures of this one.";
  return (
    <div className={css.slate}>
      <p className={css.slateTitle}>{workflow.title}</p>
      <p className={css.slateNote}>{note}</p>
    </div>
  );
}

/** Keeps the links it began with: a new signature must not start the film over. */
function Film({ workflow, video }: { workflow: WorkflowSnapshot; video: ArtifactBody }) {
  const [links] = useState(() => ({
    video: video.url,
    poster: firstOfKind(workflow, "poster")?.url,
    captions: firstOfKind(workflow, "captions")?.url,
  }));
  return (
    <div className={css.monitor}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- the track is there whenever captions exist */}
      <video
        className={css.video}
        controls
        playsInline
        preload="metadata"
        src={links.video}
        poster={links.poster}
        aria-label={`Video: ${workflow.title}`}
      >
        {links.captions && <track kind="captions" src={links.captions} srcLang="en" label="Captions" />}
      </video>
    </div>
  );
}

function whatIsShown(artifact: ArtifactBody): string {
  const shot = shotId(artifact.task);
  if (shot) return `Shot ${shot}`;
  return artifact.kind === "character"
    ? [whoIsOn(artifact) || "Portrait", sideOf(artifact)].join(", ")
    : capitalize(humanize(artifact.name));
}
