/** On a phone, at the lower edge while the panel is out of sight: how far it is, in a sentence, and Pause. */
import { ActionIcon } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";

import { type Action, sentenceOf, type WorkflowSnapshot } from "@callboard/client";
import { ProgressBar, percent } from "@callboard/react";
import { stateDisplay } from "@/shared/components/StateBadge";
import { useNow } from "@/shared/hooks/useNow";
import css from "./ProgressStrip.module.css";
import { isOffered } from "./WorkflowControls";

interface Props {
  workflow: WorkflowSnapshot;
  pending: Action | null;
  onControl: (action: Action) => void;
}

export function ProgressStrip({ workflow, pending, onControl }: Props) {
  const now = useNow(1000, Boolean(workflow.waiting_for?.until));
  const tone = workflow.state === "running" ? "accent" : stateDisplay(workflow.state).tone;
  return (
    <aside className={css.strip} aria-label="Progress, in short">
      <ProgressBar value={workflow.progress} label="Progress, in short" tone={tone} height={4} />
      <div className={css.row}>
        <strong>{percent(workflow.progress)} %</strong>
        <span className={css.sentence}>{sentenceOf(workflow, now)}</span>
        {isOffered(workflow, "pause") && (
          <ActionIcon
            size="lg"
            variant="default"
            aria-label="Pause when the running tasks are done"
            loading={pending === "pause"}
            onClick={() => onControl("pause")}
          >
            <IconPlayerPause size={18} aria-hidden />
          </ActionIcon>
        )}
        {isOffered(workflow, "resume") && (
          <ActionIcon
            size="lg"
            aria-label="Resume"
            loading={pending === "resume"}
            onClick={() => onControl("resume")}
          >
            <IconPlayerPlay size={18} aria-hidden />
          </ActionIcon>
        )}
      </div>
    </aside>
  );
}
