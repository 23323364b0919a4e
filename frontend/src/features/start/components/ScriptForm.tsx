/** The form for a screenplay, which can be pasted, dropped, or opened from a file. */
import { Button, FileButton } from "@mantine/core";
import { IconFileText, IconMovie } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { DragEvent, ReactNode } from "react";

import { CountedTextarea } from "./CountedTextarea";
import { SCREENPLAY } from "../examples";
import { filledIn, hasSoundIn, silentIf, type FieldErrors } from "./formFields";
import type { InputLimits } from "../inputLimits";
import { StyleFields } from "./StyleFields";
import { looksLikeText } from "../readScreenplay";
import css from "./StartForm.module.css";

export interface ScriptInput {
  script: string;
  style?: string;
  requirement?: string;
  /** Only where it is to be silent: the server's default is a film with sound. */
  sound?: false;
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
  const [hasSound, setSound] = useState(hasSoundIn(initial));
  const [problem, setProblem] = useState<string>();
  const [isDropping, setDropping] = useState(false);

  const change = (text: string) => {
    onScript(text);
    setProblem(undefined);
  };
  const open = async (file: File | null) => {
    if (!file) return;
    const found = await validateFile(file, limits.text);
    if (found) setProblem(found);
    else change(await file.text());
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    void open(event.dataTransfer.files.item(0));
  };
  const isFit = !validate(script, limits.text);
  useEffect(() => {
    const typed = { script, ...filledIn({ style, requirement }), ...silentIf(!hasSound) };
    onInput?.(isFit ? typed : null);
  }, [onInput, isFit, script, style, requirement, hasSound]);
  const start = () => {
    const found = validate(script, limits.text);
    setProblem(found);
    if (!found) onStart({ script, ...filledIn({ style, requirement }), ...silentIf(!hasSound) });
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
        <FileButton accept=".fountain,.txt,.spmd,text/plain" onChange={(file) => void open(file)}>
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
        <span className={css.count}>or drop a .fountain or .txt file below</span>
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
      </div>
      <StyleFields
        style={style}
        requirement={requirement}
        hasSound={hasSound}
        errors={errors}
        onStyle={setStyle}
        onRequirement={setRequirement}
        onSound={setSound}
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

async function validateFile(file: File, limit: number): Promise<string | undefined> {
  if (file.size > limit * BYTES_PER_CHARACTER) return `${file.name} is too long for one video.`;
  return looksLikeText(await file.text())
    ? undefined
    : `${file.name} is not a text file. Export it as Fountain or plain text first.`;
}

function validate(script: string, limit: number): string | undefined {
  if (!script.trim()) return "Paste a screenplay first, or load the example.";
  if (!looksLikeText(script)) return "This is not readable text. Export it as Fountain or plain text first.";
  return script.length > limit ? `At most ${limit.toLocaleString("en")} characters, please.` : undefined;
}
