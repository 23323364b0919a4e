import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useLocation } from "react-router";

import type { ApiError, Forecast } from "@callboard/client";
import { limitsOf } from "./inputLimits";
import { EstimateLine } from "./components/EstimateLine";
import { ScreenplayPreview } from "./components/ScreenplayPreview";
import { ScriptForm } from "./components/ScriptForm";
import type { ScriptInput } from "./components/ScriptForm";
import css from "./components/StartForm.module.css";
import { useEstimate } from "./hooks/useEstimate";
import { usePipelines } from "./hooks/usePipelines";
import { Lacks } from "./components/Lacks";
import { Remarks } from "./components/Remarks";
import { StartError } from "./components/StartError";
import { useStartWorkflow } from "./hooks/useStartWorkflow";

const PREVIEW_MS = 250;

/** What is wrong with the chosen scenes: as they are now, where that is known, or else as they were at the start. */
function scenesProblem(refusal: ApiError | null, forecast: Forecast | null, error: ApiError | null) {
  const problem = refusal ? refusal.fields["scenes"] : forecast ? undefined : error?.fields["scenes"];
  return { scenes: problem ?? "" };
}

export function Script2Video() {
  const { pipelines } = usePipelines();
  const { start, isStarting, error } = useStartWorkflow("script2video");
  const initial = (useLocation().state as { input?: Partial<ScriptInput> } | null)?.input;
  const [script, setScript] = useState(initial?.script ?? "");
  const [input, setInput] = useState<ScriptInput | null>(null);
  const { forecast, error: refusal, isCurrent } = useEstimate("script2video", input);
  const [settled] = useDebouncedValue(script, PREVIEW_MS);
  const pipeline = pipelines.find((candidate) => candidate.name === "script2video");
  return (
    <div className={css.page}>
      <title>Script2Video – Callboard</title>
      <div>
        <h1 style={{ margin: 0 }}>Start from a screenplay</h1>
        <p className={css.intro}>
          Your scenes, your characters, your lines, in your order. Fountain, Final Draft or plain text; the
          crew only adds what a camera needs.
        </p>
        <Lacks pipeline={pipeline} />
        <StartError error={error} />
        <ScriptForm
          limits={limitsOf(pipeline, "script2video", "script")}
          pipeline={pipeline}
          script={script}
          initial={initial}
          isSending={isStarting}
          isDisabled={Boolean(pipeline?.lacks.length)}
          errors={{ ...error?.fields, ...scenesProblem(refusal, forecast, error) }}
          onScript={setScript}
          onInput={setInput}
          onStart={(wish) => void start({ ...wish })}
        >
          <EstimateLine estimate={forecast} />
        </ScriptForm>
      </div>
      <aside className={css.aside} aria-label="Preview">
        <Remarks remarks={(isCurrent && forecast?.remarks) || []} />
        {settled.trim() ? (
          <ScreenplayPreview script={settled} />
        ) : (
          <>
            <h2>What Callboard recognises</h2>
            <p className={css.count}>
              Headings such as INT. KITCHEN – NIGHT open a scene. A name in capitals, with a line below it, is
              a speaking character. Everything else is action.
            </p>
          </>
        )}
      </aside>
    </div>
  );
}
