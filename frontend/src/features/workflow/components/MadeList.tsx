/** What a workflow has made: audio and video to play, pictures to see, links to the rest. */
import { IconDownload, IconFile, IconFileText } from "@tabler/icons-react";
import { useState } from "react";

import type { ArtifactBody } from "@callboard/client";
import { Picture } from "@/shared/components/Picture";
import css from "./MadeList.module.css";
import { downloadUrl, mediumOf } from "../results";

export function MadeList({ artifacts }: { artifacts: readonly ArtifactBody[] }) {
  return (
    <ul className={css.list}>
      {artifacts.map((artifact) => (
        <li key={artifact.id} className={css.entry}>
          <Made artifact={artifact} />
        </li>
      ))}
    </ul>
  );
}

function Made({ artifact }: { artifact: ArtifactBody }) {
  const { name, url } = artifact;
  const medium = mediumOf(artifact);
  switch (medium) {
    case "audio":
    case "video":
      return (
        <>
          <span className={css.name}>{name}</span>
          <Recording artifact={artifact} />
          <Download artifact={artifact} />
        </>
      );
    case "image":
      return (
        <>
          <a className={css.picture} href={url} target="_blank" rel="noreferrer" aria-label={`Open ${name}`}>
            <Picture image={artifact} alt="" ratio="16 / 9" fit="contain" width={320} isLazy />
          </a>
          <span className={css.name}>{name}</span>
          <Download artifact={artifact} />
        </>
      );
    case "text":
      return (
        <>
          <a className={css.name} href={url} target="_blank" rel="noreferrer">
            <IconFileText size={17} aria-hidden />
            {name}
          </a>
          <Download artifact={artifact} />
        </>
      );
    case "file":
    default:
      return (
        <>
          <span className={css.name}>
            <IconFile size={17} aria-hidden />
            {name}
            <small>{artifact.media_type}</small>
          </span>
          <Download artifact={artifact} />
        </>
      );
  }
}

/** Keeps the URL of the first render: a newly signed one must not begin it anew. */
export function Recording({ artifact }: { artifact: ArtifactBody }) {
  const [url] = useState(artifact.url);
  const media = { controls: true, preload: "metadata", src: url, "aria-label": artifact.name } as const;
  if (mediumOf(artifact) === "video") {
    return (
      // oxlint-disable-next-line jsx-a11y/media-has-caption -- there are none
      <video className={css.video} playsInline {...media} />
    );
  }
  return (
    // oxlint-disable-next-line jsx-a11y/media-has-caption -- there are none
    <audio className={css.audio} {...media} />
  );
}

function Download({ artifact }: { artifact: ArtifactBody }) {
  return (
    <a
      className={css.download}
      href={downloadUrl(artifact)}
      download={artifact.name}
      aria-label={`Download ${artifact.name}`}
    >
      <IconDownload size={17} aria-hidden />
    </a>
  );
}
