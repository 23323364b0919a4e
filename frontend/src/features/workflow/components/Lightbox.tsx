/** One picture in full size, the others with the arrow keys; a shot plays its clip, if there is one. */
import { ActionIcon, Button, Modal } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconArrowLeft, IconArrowRight, IconPhoto, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";

import type { ArtifactBody } from "@callboard/client";
import css from "./Lightbox.module.css";

export interface Slide {
  id: string;
  image: ArtifactBody;
  title: string;
  alt: string;
  words: string;
  notes?: string;
  lines?: { character: string; text: string }[];
  clip?: string;
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
            <Description slide={slide} />
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
  const [isPlaying, setPlaying] = useState(false);
  const [urls] = useState({ image: slide.image.url, clip: slide.clip });
  const clip = urls.clip ?? slide.clip;
  return (
    <div className={css.picture}>
      {isPlaying && clip ? (
        <video
          src={clip}
          poster={urls.image}
          autoPlay
          loop
          muted
          playsInline
          aria-label={`Clip of ${slide.title}`}
        />
      ) : (
        <img src={urls.image} alt={slide.alt} />
      )}
      {clip && (
        <Button
          className={css.play ?? ""}
          variant="default"
          size="xs"
          leftSection={isPlaying ? <IconPhoto size={15} /> : <IconPlayerPlay size={15} />}
          onClick={() => setPlaying(!isPlaying)}
        >
          {isPlaying ? "Show the frame" : "Play the clip"}
        </Button>
      )}
    </div>
  );
}

/** The dialogue that the description does not quote already. */
function unquotedLines({ words, lines = [] }: Slide) {
  return lines.filter((line) => !words.includes(line.text));
}

function Description({ slide }: { slide: Slide }) {
  return (
    <div className={css.text}>
      <p>{slide.words}</p>
      {slide.notes && <p className={css.notes}>{slide.notes}</p>}
      {unquotedLines(slide).map((line) => (
        <p key={`${line.character}:${line.text}`} className={css.line}>
          {line.character}: {line.text}
        </p>
      ))}
    </div>
  );
}
