/**
 * The clips that are finished, one after the other, while the film is still being made.
 *
 * Two video elements take turns: one plays, the other has loaded the next clip. At a clip that is not there it waits.
 */
import { ActionIcon, Button } from "@mantine/core";
import {
  IconMovie,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerTrackNextFilled,
  IconPlayerTrackPrevFilled,
} from "@tabler/icons-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

import { thumbnailUrl } from "@/shared/thumbnails";
import { nextClip, waitWords, type ReelShot } from "./reel";
import css from "./RoughCut.module.css";

interface Props {
  reel: ReelShot[];
  /** No more shots will be planned. */
  isComplete: boolean;
}

export function RoughCut({ reel, isComplete }: Props) {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    flushSync(() => setOpen(false));
    opener.current?.focus();
  };
  const ready = reel.filter(({ clip }) => clip).length;
  if (ready === 0) return null;
  return (
    <section className={css.cut} aria-label="Rough cut">
      {isOpen ? (
        <Player reel={reel} isComplete={isComplete} onClose={close} />
      ) : (
        <Button
          ref={opener}
          variant="default"
          leftSection={<IconMovie size={17} aria-hidden />}
          onClick={() => setOpen(true)}
        >
          Play the rough cut
        </Button>
      )}
      {!isOpen && (
        <span className={css.note}>
          {ready} of {reel.length} clips so far, in the order of the film
        </span>
      )}
    </section>
  );
}

function Player({ reel, isComplete, onClose }: Props & { onClose: () => void }) {
  const [at, setAt] = useState(() => nextClip(reel, -1));
  const [isPlaying, setPlaying] = useState(true);
  const shot = reel[at];
  const following = reel[at + 1];
  const { first, second, active } = useTwoVideos(shot, following, isPlaying);
  const later = nextClip(reel, at);
  const isWaiting = !shot?.clip;
  return (
    <div>
      <div className={css.screen}>
        {[first, second].map((video, slot) => (
          // oxlint-disable-next-line jsx-a11y/media-has-caption -- the clips have no sound
          <video
            key={slot} // oxlint-disable-line react/no-array-index-key -- two for ever
            ref={video}
            className={css.video}
            data-active={slot === active || undefined}
            aria-label={slot === active && shot ? `Rough cut, shot ${shot.id}` : undefined}
            aria-hidden={slot === active ? undefined : true}
            muted
            playsInline
            preload="auto"
            onEnded={() => setAt(at + 1)}
          />
        ))}
        {isWaiting && (
          <div className={css.waiting}>
            <p>{waitWords(reel, at, isComplete)}</p>
            {later > at && (
              <Button variant="white" color="dark" size="xs" onClick={() => setAt(later)}>
                Go on with shot {reel[later]?.id}
              </Button>
            )}
          </div>
        )}
      </div>
      <div className={css.controls}>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label="Previous clip"
          disabled={at <= 0}
          onClick={() => setAt(at - 1)}
        >
          <IconPlayerTrackPrevFilled size={16} />
        </ActionIcon>
        <ActionIcon
          ref={focusOn} // the button that opened it is gone
          variant="default"
          size="lg"
          aria-label={isPlaying ? "Pause the rough cut" : "Play on"}
          onClick={() => setPlaying(!isPlaying)}
        >
          {isPlaying ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
        </ActionIcon>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label="Next clip"
          disabled={at >= reel.length - 1}
          onClick={() => setAt(at + 1)}
        >
          <IconPlayerTrackNextFilled size={16} />
        </ActionIcon>
        <output className={css.note}>
          {isWaiting ? waitWords(reel, at, isComplete) : `Shot ${shot.id}, ${at + 1} of ${reel.length}`}
        </output>
        <Button variant="subtle" size="xs" className={css.close ?? ""} onClick={onClose}>
          Close
        </Button>
      </div>
      <Strip reel={reel} at={at} onGo={setAt} />
    </div>
  );
}

function focusOn(button: HTMLButtonElement | null): void {
  button?.focus();
}

function Strip({ reel, at, onGo }: { reel: ReelShot[]; at: number; onGo: (at: number) => void }) {
  return (
    <ol className={css.strip} aria-label="Shots of the rough cut">
      {reel.map(({ id, clip, frame, status }, index) => (
        <li key={id}>
          <button
            type="button"
            className={css.piece}
            data-ready={clip ? true : undefined}
            disabled={!clip}
            aria-current={index === at ? "true" : undefined}
            aria-label={clip ? `Go to shot ${id}` : `Shot ${id}: ${status}`}
            title={clip ? undefined : status}
            onClick={() => onGo(index)}
          >
            {frame && <img src={thumbnailUrl(frame.url, 320)} alt="" loading="lazy" />}
            <span>{id}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** Which of two video elements shows the shot; the other one loads what follows. */
function useTwoVideos(shot: ReelShot | undefined, following: ReelShot | undefined, isPlaying: boolean) {
  const first = useRef<HTMLVideoElement>(null);
  const second = useRef<HTMLVideoElement>(null);
  const loaded = useRef<[string, string]>(["", ""]); // the ids of the clips in both
  const shownBefore = useRef("");
  const [active, setActive] = useState(0);
  const clip = shot?.clip;
  const next = following?.clip;

  useLayoutEffect(() => {
    if (!clip) return; // the last picture stays
    const slot = loaded.current.indexOf(clip.id);
    const shown = slot === -1 ? active : slot;
    load(shown === 0 ? first : second, shown, clip);
    setActive(shown);
    const player = (shown === 0 ? first : second).current;
    if (player && shownBefore.current !== clip.id) player.currentTime = 0; // gone back to: it begins anew
    shownBefore.current = clip.id;
    if (next) load(shown === 0 ? second : first, 1 - shown, next);

    function load(video: typeof first, place: number, { id, url }: { id: string; url: string }) {
      if (!video.current || loaded.current[place] === id) return; // a newly signed URL must not load it again
      loaded.current[place] = id;
      video.current.src = url;
    }
  }, [clip, next, active]);

  useEffect(() => {
    const [shown, other] = active === 0 ? [first.current, second.current] : [second.current, first.current];
    other?.pause();
    if (!clip || !shown) return;
    if (isPlaying)
      void shown.play().catch(() => undefined); // interrupted by the next one, or not allowed
    else shown.pause();
  }, [active, clip, isPlaying]);
  return { first, second, active };
}
