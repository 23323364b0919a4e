/** An image in a box of fixed ratio, so that the layout does not shift when the image loads. */
import { useState } from "react";
import type { ReactNode } from "react";

import type { ArtifactBody } from "@callboard/client";
import { thumbnailUrl, type ThumbnailWidth } from "@/shared/thumbnails";
import css from "./Picture.module.css";

type Image = Pick<ArtifactBody, "id" | "url">;

interface Props {
  image: Image | undefined;
  alt: string;
  /** Width by height; without it, that of the film around it (see filmFormat.ts), or else 16 / 9. */
  ratio?: string;
  fit?: "cover" | "contain";
  /** Load it in small: at least as wide as it is shown, in pixels. Without it, the whole picture. */
  width?: ThumbnailWidth;
  /** Load it only when it is about to be scrolled into view. */
  isLazy?: boolean;
  children?: ReactNode;
}

export function Picture({
  image,
  alt,
  ratio = "var(--film-ratio, 16 / 9)",
  fit = "cover",
  width,
  isLazy = false,
  children,
}: Props) {
  // The previous image stays behind the next one until that has faded in: never an empty box in between.
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
          width={width}
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
  width: ThumbnailWidth | undefined;
  loading: "lazy" | "eager";
  onSeen: (url: string) => void;
}

/** Every snapshot signs the URL anew; this keeps the first one until it fails, so that the image is not loaded again. */
function SteadyImage({ image, alt, fit, width, loading, onSeen }: SteadyImageProps) {
  const newest = width ? thumbnailUrl(image.url, width) : image.url;
  const [src, setSrc] = useState(newest);
  const [isThere, setThere] = useState(false);
  return (
    <img
      className={`${css.image} ${isThere ? "" : css.coming}`}
      style={{ objectFit: fit }}
      src={src}
      alt={alt}
      loading={loading}
      decoding="sync" // painted in the same frame as its surroundings
      onLoad={() => setThere(true)}
      onTransitionEnd={() => onSeen(src)}
      // The link has expired, or there is no thumbnail of this picture.
      onError={() => setSrc(src === newest || src === image.url ? image.url : newest)}
    />
  );
}
