/** One shot on the board: its picture, or in words what that waits for; its steps; what it shows. */
import { VisuallyHidden } from "@mantine/core";
import {
  IconAlertTriangleFilled,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDotFilled,
  IconCircleX,
  IconMessageQuestion,
  IconPlayerPlayFilled,
} from "@tabler/icons-react";
import { memo, type ComponentType } from "react";

import type { TaskState } from "@callboard/client";
import { Picture } from "@/shared/components/Picture";
import { ProgressBar, type Tone } from "@callboard/react";
import tones from "@/shared/components/tone.module.css";
import { shotNotes, type ShotView } from "../shots";
import { shotStatus } from "../shotStatus";
import css from "./ShotTile.module.css";
import { looksTheSame, stepsOf, stepWords, type Step } from "./steps";

interface Props {
  shot: ShotView;
  /** Tab stops here; the other tiles are reached with the arrow keys. */
  isCurrent: boolean;
  onOpen: (id: string) => void;
}

export const ShotTile = memo(Tile, (before, after) => {
  const { shot, isCurrent, onOpen } = after;
  return before.isCurrent === isCurrent && before.onOpen === onOpen && looksTheSame(before.shot, shot);
});

function Tile({ shot, isCurrent, onOpen }: Props) {
  const { frame, board, clip } = shot;
  const status = shotStatus(shot);
  const isSilent = status.phase === "done" || status.phase === "cancelled";
  return (
    <li className={`${css.tile} ${tones[status.tone]}`}>
      <button
        type="button"
        className={css.picture}
        data-shot={shot.id}
        tabIndex={isCurrent ? 0 : -1}
        aria-label={labelOf(shot, status.text)}
        aria-describedby={frame && `shot-${shot.id}-status`}
        onClick={() => onOpen(shot.id)}
      >
        <Picture image={frame} alt={altOf(shot)} width={320} isLazy>
          <span className={css.number}>{shot.id}</span>{" "}
          {clip && (
            <span className={css.clip} title="The clip is ready">
              <IconPlayerPlayFilled size={11} aria-hidden />
            </span>
          )}
          {!frame && <span className={css.empty}>{status.text}</span>}
          {status.progress !== null && (
            <span className={css.progress}>
              <ProgressBar value={status.progress} label={`Progress of shot ${shot.id}`} height={4} />
            </span>
          )}
        </Picture>
      </button>
      <ul className={css.steps} aria-label={`Steps of shot ${shot.id}`}>
        {stepsOf(shot).map((step) => (
          <StepMark key={step.key} step={step} />
        ))}
      </ul>
      <p className={css.status} id={`shot-${shot.id}-status`} hidden={!frame || isSilent}>
        {status.text}
      </p>
      {board && (
        <>
          <p className={css.words}>{board.description}</p>
          <p className={css.notes}>{shotNotes(board)}</p>
        </>
      )}
    </li>
  );
}

const MARKS: Record<TaskState, { Icon: ComponentType<{ size?: number }>; tone: Tone }> = {
  pending: { Icon: IconCircle, tone: "mute" },
  running: { Icon: IconCircleDotFilled, tone: "accent" },
  completed: { Icon: IconCircleCheckFilled, tone: "ok" },
  failed: { Icon: IconAlertTriangleFilled, tone: "bad" },
  cancelled: { Icon: IconCircleX, tone: "mute" },
  input_required: { Icon: IconMessageQuestion, tone: "wait" },
};

function StepMark({ step }: { step: Step }) {
  const { Icon, tone } = MARKS[step.state];
  return (
    <li className={`${css.step} ${tones[tone]}`} data-state={step.state} title={stepWords(step)}>
      <span className={css.mark} aria-hidden>
        <Icon size={12} />
      </span>
      <VisuallyHidden>{stepWords(step)}</VisuallyHidden>
      <span className={css.label} aria-hidden>
        {step.label}
      </span>
    </li>
  );
}

/** It holds all that is written in the button: who speaks to the computer says what they see. */
function labelOf({ id, frame }: ShotView, status: string): string {
  return frame ? `Enlarge shot ${id}` : `Shot ${id} ${status}`;
}

export function altOf({ id, board }: ShotView): string {
  return board ? `Shot ${id}: ${board.description}` : `Shot ${id}`;
}
