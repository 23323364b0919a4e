/** An image in a box that has its size before the image comes, so that nothing jumps. */
import { useState } from "react";
import type { ReactNode } from "react";

import css from "./Picture.module.css";
import type { ArtifactBody } from "../realtime/messages.gen";

interface Props {
  image: Pick<ArtifactBody, "id" | "url"> | undefined;
  alt: string;
  /** Width by height; frames are 16 / 9. */
  ratio?: string;
  fit?: "cover" | "contain";
  children?: ReactNode;
}

export function Picture({ image, alt, ratio = "16 / 9", fit = "cover", children }: Props) {
  return (
    <div className={css.box} style={{ aspectRatio: ratio }}>
      {image && <SteadyImage key={image.id} url={image.url} alt={alt} fit={fit} />}
      {children}
    </div>
  );
}

/** Links are signed anew in every snapshot; the first one stays until it stops working. */
function SteadyImage({ url, alt, fit }: { url: string; alt: string; fit: "cover" | "contain" }) {
  const [src, setSrc] = useState(url);
  return (
    <img
      className={css.image}
      style={{ objectFit: fit }}
      src={src}
      alt={alt}
      decoding="async"
      onError={() => setSrc(url)}
    />
  );
}
