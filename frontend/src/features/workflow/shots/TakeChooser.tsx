/** All takes of a shot with their scores, the kept one marked; another one may be used instead. */
import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMemo } from "react";

import { Picture } from "@/shared/components/Picture";
import { useMadeText } from "../hooks/useMadeText";
import { takesOf, type ShotView, type Take } from "../shots";
import { choiceOf, scoreWords, type Choice } from "./choice";
import css from "./TakeChooser.module.css";

interface Props {
  shot: ShotView;
  /** Why none may be chosen now; null when one may. */
  reason: string | null;
  isStarting: boolean;
  /** `frame`: the id of the take's first frame. */
  onUse: (frame: string) => void;
}

export function TakeChooser({ shot, reason, isStarting, onUse }: Props) {
  const takes = takesOf(shot);
  const [text = ""] = useMadeText(shot.choice ? [shot.choice] : []);
  const choice = useMemo(() => choiceOf(text), [text]);
  if (!takes.length) return null;
  return (
    <section aria-label={`Takes of shot ${shot.id}`}>
      <h3 className={css.heading}>Takes</h3>
      <ul className={css.takes}>
        {takes.map((take) => (
          <TakeCard
            key={take.number}
            shot={shot.id}
            take={take}
            choice={choice}
            isBusy={isStarting}
            onUse={reason === null && areDrawn(shot) ? onUse : undefined}
          />
        ))}
      </ul>
      {takes.length > 1 && <p className={css.note}>{reason ?? noteOf(shot)}</p>}
    </section>
  );
}

/** Whether all takes are there: of those of an unfinished task, nothing could be reused. */
function areDrawn({ tasks, choice }: ShotView): boolean {
  const drawing = tasks.find(({ skill }) => skill === "shoot_frames");
  return drawing ? drawing.state === "completed" : choice !== undefined; // a large workflow leaves tasks out
}

function noteOf(shot: ShotView): string {
  if (!areDrawn(shot)) return "The takes are not finished.";
  return "Another take makes the clip and the film anew, as a new workflow; everything else is reused.";
}

interface CardProps {
  shot: string;
  take: Take;
  choice: Choice | null;
  isBusy: boolean;
  onUse: ((frame: string) => void) | undefined;
}

function TakeCard({ shot, take, choice, isBusy, onUse }: CardProps) {
  const isKept = choice?.kept === take.number;
  const scores = choice?.takes.find((each) => each.take === take.number)?.scores;
  return (
    <li className={css.take} data-kept={isKept || undefined}>
      <Picture image={take.first} alt={`Shot ${shot}, take ${take.number}`} width={640} />
      <div className={css.words}>
        <strong>Take {take.number}</strong>
        {scores && (
          <>
            <span className={css.score}>{((scores["total"] ?? 0) * 100).toFixed(1)} of 100</span>
            <span className={css.qualities}>{scoreWords(scores)}</span>
          </>
        )}
      </div>
      {isKept ? (
        <span className={css.kept}>
          <IconCheck size={15} aria-hidden /> {choice.is_asked_for ? "Chosen by you" : "In the film"}
        </span>
      ) : (
        onUse && (
          <Button
            variant="default"
            size="xs"
            loading={isBusy}
            aria-label={`Use this one: take ${take.number} of shot ${shot}`}
            onClick={() => onUse(take.first.id)}
          >
            Use this one
          </Button>
        )
      )}
    </li>
  );
}
