/** One picture in full size, the others with the arrow keys. */
import { ActionIcon, Modal } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useState } from "react";

import type { ArtifactBody } from "@callboard/client";
import css from "./Lightbox.module.css";

export interface Slide {
  id: string;
  image: ArtifactBody;
  title: string;
  alt: string;
  words: string;
}

interface Props {
  slides: Slide[];
  /** The id of the slide that is shown; null when closed. */
  shown: string | null;
  onShow: (id: string | null) => void;
}

export function Lightbox({ slides, shown, onShow }: Props) {
  const index = slides.findIndex((slide) => slide.id === shown);
  const slide = slides[index];
  const go = (step: number) => {
    const next = slides[index + step];
    if (slide && next) onShow(next.id);
  };
  useHotkeys([
    ["ArrowLeft", () => go(-1)],
    ["ArrowRight", () => go(1)],
  ]);
  return (
    <Modal
      opened={slide !== undefined}
      onClose={() => onShow(null)}
      fullScreen
      title={slide && `${slide.title} · ${index + 1} of ${slides.length}`}
    >
      {slide && (
        <div className={css.stage}>
          <SlideImage key={slide.id} slide={slide} />
          <div className={css.caption}>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label="Previous"
              disabled={index === 0}
              onClick={() => go(-1)}
            >
              <IconArrowLeft size={18} />
            </ActionIcon>
            <p className={css.text}>{slide.words}</p>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label="Next"
              disabled={index === slides.length - 1}
              onClick={() => go(1)}
            >
              <IconArrowRight size={18} />
            </ActionIcon>
          </div>
        </div>
      )}
    </Modal>
  );
}

function SlideImage({ slide }: { slide: Slide }) {
  const [url] = useState(slide.image.url); // each snapshot signs it anew, which must not load it again
  return (
    <div className={css.picture}>
      <img src={url} alt={slide.alt} />
    </div>
  );
}
