/** An image in a box that has its size before the image comes, so that nothing jumps. */
import { useState } from "react";
import type { ReactNode } from "react";

import type { ArtifactBody } from "@/realtime/messages.gen";
import css from "./Picture.module.css";

type Image = Pick<ArtifactBody, "id" | "url">;

interface Props {
  image: Image | undefined;
  alt: string;
  /** Width by height; frames are 16 / 9. */
  ratio?: string;
  fit?: "cover" | "contain";
  /** Not on the screen at first: it may wait until it nearly is. */
  isLazy?: boolean;
  children?: ReactNode;
}

export function Picture({ image, alt, ratio = "16 / 9", fit = "cover", isLazy = false, children }: Props) {
  // The former picture stays behind until the next one can be seen: a dissolve, never a black frame.
  const [seen, setSeen] = useState<string>();
  const behind = image && seen ? { backgroundImage: `url("${seen}")`, backgroundSize: fit } : {};
  return (
    <div className={css.box} style={{ aspectRatio: ratio, ...behind }}>
      {image && (
        <SteadyImage
          key={image.id}
          image={image}
          alt={alt}
          fit={fit}
          loading={isLazy ? "lazy" : "eager"}
          onSeen={setSeen}
        />
      )}
      {children}
    </div>
  );
}

interface SteadyImageProps extends Required<Pick<Props, "alt" | "fit">> {
  image: Image;
  loading: "lazy" | "eager";
  onSeen: (url: string) => void;
}

/** Links are signed anew in every snapshot; the first one stays until it stops working. */
function SteadyImage({ image, alt, fit, loading, onSeen }: SteadyImageProps) {
  const [src, setSrc] = useState(image.url);
  const [isThere, setThere] = useState(false);
  return (
    <img
      className={`${css.image} ${isThere ? "" : css.coming}`}
      style={{ objectFit: fit }}
      src={src}
      alt={alt}
      loading={loading}
      decoding="sync" // painted together with what stands around it, never as a black frame
      onLoad={() => setThere(true)}
      onTransitionEnd={() => onSeen(src)}
      onError={() => setSrc(image.url)}
    />
  );
}
