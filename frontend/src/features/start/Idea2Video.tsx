import { useState } from "react";
import { useLocation } from "react-router";

import { EstimateLine } from "./components/EstimateLine";
import { IdeaForm } from "./components/IdeaForm";
import type { IdeaInput } from "./components/IdeaForm";
import { limitsOf } from "./inputLimits";
import css from "./components/StartForm.module.css";
import { useEstimate } from "./hooks/useEstimate";
import { usePipelines } from "./hooks/usePipelines";
import { Lacks } from "./components/Lacks";
import { StartError } from "./components/StartError";
import { useStartWorkflow } from "./hooks/useStartWorkflow";

const STEPS = [
  ["Plan", "Genre, tone, place and time."],
  ["Script", "A story, then a screenplay scene by scene."],
  ["Characters", "Everybody drawn from three sides."],
  ["Storyboard", "Every shot: size, angle, camera move."],
  ["Sound", "A voice for everybody, a narrator, ambience and music."],
  ["Frames", "The pictures, a few tries each, the best one kept."],
  ["Clips and edit", "Moves, cross-fades, captions, one film."],
] as const;

export function Idea2Video() {
  const { pipelines } = usePipelines();
  const { start, isStarting, error } = useStartWorkflow("idea2video");
  const initial = (useLocation().state as { input?: Partial<IdeaInput> } | null)?.input;
  const [input, setInput] = useState<IdeaInput | null>(null);
  const { forecast } = useEstimate("idea2video", input);
  const pipeline = pipelines.find((candidate) => candidate.name === "idea2video");
  return (
    <div className={css.page}>
      <title>Idea2Video – Callboard</title>
      <div>
        <h1 style={{ margin: 0 }}>Start from an idea</h1>
        <p className={css.intro}>
          A sentence is enough, a page is welcome. The crew writes the screenplay, draws the frames and cuts
          the film; you watch and can step in at any moment.
        </p>
        <Lacks pipeline={pipeline} />
        <StartError error={error} />
        <IdeaForm
          limits={limitsOf(pipeline, "idea2video", "idea")}
          pipeline={pipeline}
          initial={initial}
          isSending={isStarting}
          isDisabled={Boolean(pipeline?.lacks.length)}
          errors={error?.fields ?? {}}
          onInput={setInput}
          onStart={(wish) => void start({ ...wish })}
        >
          <EstimateLine estimate={forecast} />
        </IdeaForm>
      </div>
      <aside className={css.aside} aria-label="What happens then">
        <h2>What happens then</h2>
        <ol className={css.steps}>
          {STEPS.map(([name, text]) => (
            <li key={name}>
              <strong>{name}</strong>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      </aside>
    </div>
  );
}
