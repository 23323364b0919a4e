/** The questions of agents that wait for a person, each with a field for the answer. */
import { Button, Textarea } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";

import { capitalize, humanize, type TaskBody, tasksOf, type WorkflowSnapshot } from "@callboard/client";
import { readPlan } from "../bookPlan";
import { PlanEditor } from "./PlanEditor";
import tones from "@/shared/components/tone.module.css";
import type { ControlOptions } from "./WorkflowControls";
import css from "./Questions.module.css";

const ANSWER_CHARACTERS = 10_000;

interface Props {
  workflow: WorkflowSnapshot;
  /** An answer was sent and has no outcome yet. */
  isPending: boolean;
  onControl: (action: "answer", options: ControlOptions) => void;
}

export function Questions({ workflow, isPending, onControl }: Props) {
  const asking = tasksOf(workflow).filter((task) => task.state === "input_required");
  return asking.map((task) => (
    <Question
      key={`${task.key} ${task.attempt}`}
      task={task}
      isPending={isPending}
      onAnswer={(answer) => onControl("answer", { task: task.key, answer })}
    />
  ));
}

interface QuestionProps {
  task: TaskBody;
  isPending: boolean;
  onAnswer: (answer: string) => void;
}

function Question({ task, isPending, onAnswer }: QuestionProps) {
  const plan = readPlan(task.question ?? "");
  if (plan) return <PlanEditor plan={plan} agent={task.agent} isPending={isPending} onAnswer={onAnswer} />;
  return <OpenQuestion task={task} isPending={isPending} onAnswer={onAnswer} />;
}

function OpenQuestion({ task, isPending, onAnswer }: QuestionProps) {
  const [answer, setAnswer] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (answer.trim()) onAnswer(answer);
  };
  return (
    <form className={`${css.question} ${tones.wait}`} onSubmit={send}>
      <Textarea
        label={`${capitalize(humanize(task.agent))} asks`}
        description={task.question}
        maxLength={ANSWER_CHARACTERS}
        autosize
        minRows={2}
        maxRows={8}
        value={answer}
        onChange={(event) => setAnswer(event.currentTarget.value)}
      />
      <Button
        type="submit"
        leftSection={<IconSend size={17} aria-hidden />}
        loading={isPending}
        disabled={!answer.trim()}
      >
        Answer
      </Button>
    </form>
  );
}
