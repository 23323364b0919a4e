/** The buttons for pause, resume, cancel and retry that the state allows, and a line about the last request. */
import { Button, Group, Modal, Popover, Text } from "@mantine/core";
import { IconChevronDown, IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";

import {
  type Action,
  ALLOWED_ACTIONS,
  itemNames,
  type ItemNames,
  namesOf,
  runningTasks,
  type TaskBody,
  tasksOf,
  type WorkflowSnapshot,
  type WorkflowState,
} from "@callboard/client";
import type { Tone } from "@callboard/react";
import tones from "@/shared/components/tone.module.css";
import { useIsReplay } from "@/shared/hooks/useNow";
import css from "./WorkflowControls.module.css";

export interface ControlOptions {
  mode?: "drain" | "now";
  task?: string;
  answer?: string;
}
export interface ControlNotice {
  text: string;
  tone: Tone;
  /** Requests the same again. */
  onRetry?: () => void;
}
interface Props {
  workflow: WorkflowSnapshot;
  /** The action that was requested and has no outcome yet. */
  pending: Action | null;
  notice: ControlNotice | null;
  onControl: (action: Action, options?: ControlOptions) => void;
}

const NO_NOTICE: ControlNotice = { text: "", tone: "mute" };
const IN_REPLAY: ControlNotice = {
  text: "This is a replay: go back to now to control the workflow.",
  tone: "mute",
};

/** What the server would accept again, but is being done already. */
const UNDER_WAY: Partial<Record<WorkflowState, Action>> = { pausing: "pause", cancelling: "cancel" };

export function WorkflowControls({ workflow, pending, notice, onControl }: Props) {
  const running = runningTasks(workflow);
  const names = itemNames(workflow);
  const can = (action: Action) => isOffered(workflow, action);
  const row = useFocusKept();
  const isReplay = useIsReplay();
  return (
    <fieldset className={css.controls} disabled={isReplay}>
      <div className={css.row} ref={row}>
        {can("pause") && (
          <PauseButton
            running={running}
            names={names}
            isPending={pending === "pause"}
            onControl={onControl}
          />
        )}
        {can("resume") && (
          <ResumeButtons workflow={workflow} isPending={pending === "resume"} onControl={onControl} />
        )}
        {can("retry") && (
          <RetryButton workflow={workflow} isPending={pending === "retry"} onControl={onControl} />
        )}
        {can("cancel") && <CancelButton isPending={pending === "cancel"} onControl={onControl} />}
      </div>
      <Notice {...(isReplay ? IN_REPLAY : (notice ?? NO_NOTICE))} />
    </fieldset>
  );
}

function Notice({ text, tone, onRetry }: ControlNotice) {
  return (
    <>
      <output className={`${css.hint} ${tones[tone]}`}>{text}</output>
      {onRetry && (
        <Button size="compact-sm" variant="light" mt={6} onClick={onRetry}>
          Try again
        </Button>
      )}
    </>
  );
}

/** Not what is being done already, and nothing is cancelled that has ended. */
export function isOffered({ state, finished_at: end }: WorkflowSnapshot, action: Action): boolean {
  if (action === "cancel" && end !== null) return false;
  return ALLOWED_ACTIONS[state].includes(action) && UNDER_WAY[state] !== action;
}

/** A button that was pressed may be gone in the next state: then the first of the others has the focus, or the heading. */
function useFocusKept() {
  const row = useRef<HTMLDivElement>(null);
  const had = useRef(false);
  useEffect(() => {
    const note = () => {
      had.current = row.current?.contains(document.activeElement) ?? false;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  useEffect(() => {
    if (!had.current || document.activeElement !== document.body) return;
    const next = row.current?.querySelector("button") ?? document.querySelector<HTMLElement>("h1");
    next?.focus();
  });
  return row;
}

interface ButtonProps {
  /** The action was requested and has no outcome yet. */
  isPending: boolean;
  onControl: Props["onControl"];
}
interface WorkflowButtonProps extends ButtonProps {
  workflow: WorkflowSnapshot;
}

function ResumeButtons({ workflow, isPending, onControl }: WorkflowButtonProps) {
  const isPaused = workflow.state === "paused";
  return (
    <>
      <Button
        leftSection={<IconPlayerPlay size={17} aria-hidden />}
        loading={isPending}
        onClick={() => onControl("resume")}
      >
        {isPaused ? "Resume" : "Keep going"}
      </Button>
      {!isPaused && (
        <Button variant="default" onClick={() => onControl("pause", { mode: "now" })}>
          Stop at once
        </Button>
      )}
    </>
  );
}

function RetryButton({ workflow, isPending, onControl }: WorkflowButtonProps) {
  const failed = tasksOf(workflow).filter((task) => task.state === "failed").length;
  if (!failed) return null;
  return (
    <Button
      variant={workflow.state === "failed" ? "filled" : "default"}
      leftSection={<IconRefresh size={17} aria-hidden />}
      loading={isPending}
      onClick={() => onControl("retry")}
    >
      {failed === 1 ? "Retry the failed task" : `Retry ${failed} failed tasks`}
    </Button>
  );
}

function PauseButton({
  running,
  names,
  isPending,
  onControl,
}: ButtonProps & { running: TaskBody[]; names: ItemNames }) {
  const [isOpen, setOpen] = useState(false);
  const choose = (mode: "drain" | "now") => {
    setOpen(false);
    onControl("pause", { mode });
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      width={310}
      trapFocus
      returnFocus
      shadow="lg"
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={17} aria-hidden />}
          rightSection={<IconChevronDown size={15} aria-hidden />}
          loading={isPending}
          onClick={() => setOpen(!isOpen)}
        >
          Pause
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label="How to pause">
        <Text size="sm" c="dimmed" px={11} py={6}>
          {running.length ? `Running: ${namesOf(running, names, 3)}` : "No task is running at the moment."}
        </Text>
        <button type="button" className={css.choice} onClick={() => choose("drain")}>
          <strong>Finish these, then pause</strong>
          <span>Running tasks finish, no new task starts.</span>
        </button>
        <button type="button" className={css.choice} onClick={() => choose("now")}>
          <strong>Stop now</strong>
          <span>Running tasks are stopped, and start again when you resume.</span>
        </button>
      </Popover.Dropdown>
    </Popover>
  );
}

function CancelButton({ isPending, onControl }: ButtonProps) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconX size={17} aria-hidden />}
        loading={isPending}
        onClick={() => setAsking(true)}
      >
        Cancel
      </Button>
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Cancel this workflow?"
        withCloseButton={false}
      >
        <Text>
          Running tasks are stopped, and the workflow cannot be resumed. Everything finished stays on this
          page.
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            onClick={() => {
              setAsking(false);
              onControl("cancel");
            }}
          >
            Cancel the workflow
          </Button>
        </Group>
      </Modal>
    </>
  );
}
