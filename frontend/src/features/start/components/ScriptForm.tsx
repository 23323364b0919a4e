/** The form for a screenplay, which can be pasted, dropped, or opened from a file. */
import { Button, FileButton } from "@mantine/core";
import { IconFileText, IconMovie } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { DragEvent, ReactNode } from "react";

import { CountedTextarea } from "./CountedTextarea";
import { SCREENPLAY } from "../examples";
import { filledIn, type FieldErrors } from "./formFields";
import type { InputLimits } from "../inputLimits";
import { StyleFields } from "./StyleFields";
import { isFinalDraft, looksLikeText } from "../readScreenplay";
import { FinalDraftFile } from "./FinalDraftFile";
import { ScenesField } from "./ScenesField";
import css from "./StartForm.module.css";

export interface ScriptInput {
  script: string;
  style?: string;
  requirement?: string;
  scenes?: string;
}

interface Props {
  limits: InputLimits;
  script: string;
  initial?: Partial<ScriptInput> | undefined;
  isSending: boolean;
  /** It cannot be started at the moment. */
  isDisabled?: boolean;
  errors: FieldErrors;
  /** What is typed, for whoever tells what it will take; null: nothing yet. */
  onInput?: (input: ScriptInput | null) => void;
  /** A line about what it will take. */
  children?: ReactNode;
  onScript: (script: string) => void;
  onStart: (input: ScriptInput) => void;
}

const BYTES_PER_CHARACTER = 4;

export function ScriptForm({
  limits,
  script,
  initial,
  isSending,
  isDisabled,
  errors,
  onInput,
  children,
  onScript,
  onStart,
}: Props) {
  const [style, setStyle] = useState(initial?.style ?? "");
  const [requirement, setRequirement] = useState(initial?.requirement ?? "");
  const [scenes, setScenes] = useState(initial?.scenes ?? "");
  const [problem, setProblem] = useState<string>();
  const [isDropping, setDropping] = useState(false);

  const change = (text: string) => {
    onScript(text);
    setProblem(undefined);
  };
  const open = async (file: File | null) => {
    if (!file) return;
    const found = await validateFile(file, limits);
    if (found) setProblem(found);
    else change(await file.text());
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    void open(event.dataTransfer.files.item(0));
  };
  const isFit = !validate(script, limits);
  useEffect(() => {
    onInput?.(isFit ? { script, ...filledIn({ style, requirement, scenes }) } : null);
  }, [onInput, isFit, script, style, requirement, scenes]);
  const start = () => {
    const found = validate(script, limits);
    setProblem(found);
    if (!found) onStart({ script, ...filledIn({ style, requirement, scenes }) });
  };
  return (
    <form
      className={css.fields}
      aria-label="Start from a script"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <div className={css.examples}>
        <FileButton accept=".fountain,.fdx,.txt,.spmd,text/plain" onChange={(file) => void open(file)}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="compact-md"
              fw={500}
              leftSection={<IconFileText size={16} aria-hidden />}
            >
              Open a file
            </Button>
          )}
        </FileButton>
        <Button variant="default" size="compact-md" fw={500} onClick={() => change(SCREENPLAY)}>
          Load an example
        </Button>
        <span className={css.count}>or drop a .fountain, .fdx or .txt file below</span>
      </div>
      <div
        className={isDropping ? css.dropping : ""}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes("Files")) return;
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={(event) => event.dataTransfer.files.length && drop(event)}
      >
        {isFinalDraft(script) ? (
          <FinalDraftFile document={script} error={problem ?? errors["script"]} onRemove={() => change("")} />
        ) : (
          <CountedTextarea
            label="Your screenplay"
            placeholder={"INT. KITCHEN - NIGHT\n\nSomebody is awake."}
            autosize
            minRows={12}
            maxRows={17}
            required
            spellCheck={false}
            classNames={{ input: css.screenplay ?? "" }}
            value={script}
            limit={limits.text}
            onChange={change}
            error={problem ?? errors["script"]}
          />
        )}
      </div>
      <ScenesField scenes={scenes} error={errors["scenes"] || undefined} onScenes={setScenes} />
      <StyleFields
        style={style}
        requirement={requirement}
        errors={errors}
        onStyle={setStyle}
        onRequirement={setRequirement}
      />
      <div className={css.submit}>
        <Button
          type="submit"
          size="md"
          loading={isSending}
          disabled={Boolean(isDisabled)}
          leftSection={<IconMovie size={19} aria-hidden />}
        >
          Make the video
        </Button>
        {children}
      </div>
    </form>
  );
}

async function validateFile(file: File, limits: InputLimits): Promise<string | undefined> {
  const most = Math.max(limits.text, limits.markup) * BYTES_PER_CHARACTER;
  if (file.size > most) return `${file.name} is too long for one video.`;
  return looksLikeText(await file.text())
    ? undefined
    : `${file.name} is not a text file. Export it as Fountain, Final Draft (.fdx) or plain text first.`;
}

function validate(script: string, limits: InputLimits): string | undefined {
  if (!script.trim()) return "Paste a screenplay first, or load the example.";
  if (!looksLikeText(script)) return "This is not readable text. Export it as Fountain or plain text first.";
  const limit = isFinalDraft(script) ? limits.markup : limits.text;
  return script.length > limit ? `At most ${limit.toLocaleString("en")} characters, please.` : undefined;
}
