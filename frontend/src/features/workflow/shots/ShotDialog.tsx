/** One shot in full size: its frame or its clip, what it is at, its takes, and the form that redoes it. */
import { ActionIcon, Button, Modal } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconArrowLeft, IconArrowRight, IconPhoto, IconPlayerPlay, IconRefresh } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";

import type { ArtifactBody, WorkflowSnapshot } from "@callboard/client";
import { filmStyle } from "@/shared/filmFormat";
import tones from "@/shared/components/tone.module.css";
import { useRerun } from "../hooks/useRerun";
import { shotNotes, type ShotView, type StoryboardShot } from "../shots";
import { shotStatus } from "../shotStatus";
import { takeOf, whyNotNow } from "./redo";
import { RedoForm } from "./RedoForm";
import css from "./ShotDialog.module.css";
import { altOf } from "./ShotTile";
import { TakeChooser } from "./TakeChooser";

interface Props {
  workflow: WorkflowSnapshot;
  /** All shots in the order of the film. */
  shots: ShotView[];
  /** The id of the one that is shown; null when closed. */
  shown: string | null;
  onShow: (id: string | null) => void;
}

export function ShotDialog({ workflow, shots, shown, onShow }: Props) {
  const index = shots.findIndex(({ id }) => id === shown);
  const shot = shots[index];
  const go = (step: number) => {
    const next = shots[index + step];
    if (shot && next) onShow(next.id);
  };
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // What had the focus may have gone with the shot before, or be disabled at the last one.
    if (document.activeElement?.matches("body, :disabled")) title.current?.focus();
  });
  useHotkeys([
    ["ArrowLeft", () => go(-1)],
    ["ArrowRight", () => go(1)],
  ]);
  return (
    <Modal.Root opened={shot !== undefined} onClose={() => onShow(null)} fullScreen>
      <Modal.Overlay />
      <Modal.Content style={filmStyle(workflow)}>
        <Modal.Header role="presentation">
          <div className={css.title}>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label="Previous"
              disabled={index <= 0}
              onClick={() => go(-1)}
            >
              <IconArrowLeft size={18} />
            </ActionIcon>
            <Modal.Title ref={title} tabIndex={-1} aria-live="polite">
              {shot && `Shot ${shot.id} · ${index + 1} of ${shots.length}`}
            </Modal.Title>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label="Next"
              disabled={index === shots.length - 1}
              onClick={() => go(1)}
            >
              <IconArrowRight size={18} />
            </ActionIcon>
          </div>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>
          {shot && <Shot key={shot.id} workflow={workflow} shot={shot} shots={shots.length} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Shot({ workflow, shot, shots }: { workflow: WorkflowSnapshot; shot: ShotView; shots: number }) {
  const [isRedoing, setRedoing] = useState(false);
  const { rerun, isStarting, error } = useRerun(workflow.id);
  const reason = whyNotNow(workflow.state);
  const status = shotStatus(shot);
  const { board } = shot;
  return (
    <div className={css.shot}>
      <div>
        {shot.frame ? (
          <Moving shot={shot} />
        ) : (
          <p className={`${css.empty} ${tones[status.tone]}`}>{status.text}</p>
        )}
        {board && <Description shot={shot} />}
        <Spoken shot={shot} />
      </div>
      <div className={css.side}>
        <TakeChooser
          shot={shot}
          reason={reason}
          isStarting={isStarting}
          onUse={(frame) => rerun(takeOf(shot, frame))}
        />
        {error && !isRedoing && (
          <p role="alert" className={css.error}>
            {error.message}
          </p>
        )}
        {board && !isRedoing && (
          <Button
            variant="default"
            className={css.redo ?? ""}
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => setRedoing(true)}
          >
            Redo this shot…
          </Button>
        )}
        {board && isRedoing && (
          <section aria-label="Redo" className={css.form}>
            <h3 ref={focusOn} tabIndex={-1}>
              Redo this shot
            </h3>
            <RedoForm
              shot={shot}
              board={board}
              shots={shots}
              reason={reason}
              isStarting={isStarting}
              error={error}
              onRedo={rerun}
            />
          </section>
        )}
      </div>
    </div>
  );
}

/** The button that was pressed is gone. */
function focusOn(heading: HTMLElement | null): void {
  heading?.focus();
}

function Description({ shot: { board } }: { shot: ShotView }) {
  if (!board) return null;
  const lines = board.dialogue.filter(({ text }) => !board.description.includes(text)); // not twice
  return (
    <div className={css.text}>
      <p>{board.description}</p>
      <p className={css.notes}>{shotNotes(board)}</p>
      {lines.map((line) => (
        <p key={`${line.character}:${line.text}`} className={css.line}>
          {line.character}: {line.text}
        </p>
      ))}
      {isCaptioned(board) && <p className={css.line}>{board.caption}</p>}
    </div>
  );
}

/** What is said in the shot, to be heard. */
function Spoken({ shot }: { shot: ShotView }) {
  const speech = useSteadyUrl(shot.speech);
  if (!speech) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/media-has-caption -- the words stand above it
    <audio
      className={css.speech}
      src={speech}
      controls
      preload="none"
      aria-label={`Speech of Shot ${shot.id}`}
    />
  );
}

/** The caption says what the description does not. */
function isCaptioned({ caption, description, dialogue }: StoryboardShot): boolean {
  return caption !== "" && !dialogue.length && !description.includes(caption);
}

function Moving({ shot }: { shot: ShotView }) {
  const [isPlaying, setPlaying] = useState(false);
  const image = useSteadyUrl(shot.frame);
  const clip = useSteadyUrl(shot.clip);
  return (
    <div className={css.picture}>
      {isPlaying && clip ? (
        <video
          src={clip}
          poster={image}
          autoPlay
          loop
          muted
          playsInline
          aria-label={`Clip of Shot ${shot.id}`}
        />
      ) : (
        <img src={image} alt={altOf(shot)} />
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

/** The first URL of an artifact: each snapshot signs it anew, which must not load it again. */
function useSteadyUrl(artifact: ArtifactBody | undefined): string | undefined {
  const [first, setFirst] = useState(artifact);
  if (artifact && artifact.id !== first?.id) setFirst(artifact);
  return first?.url;
}
