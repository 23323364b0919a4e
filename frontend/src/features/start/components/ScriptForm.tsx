/** The form for a screenplay, which can be pasted, dropped, or opened from a file. */
import { Button } from "@mantine/core";
import { IconMovie } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";

import type { OwnPicture, Pipeline } from "@callboard/client";
import { filledIn, hasSoundIn, picturesIn, silentIf, withPictures, type FieldErrors } from "./formFields";
import type { InputLimits } from "../inputLimits";
import { shapeIn, type FilmShape } from "./ShapeFields";
import { StyleFields } from "./StyleFields";
import { isFinalDraft, looksLikeText } from "../readScreenplay";
import { ScreenplayInput } from "./ScreenplayInput";
import { ScenesField } from "./ScenesField";
import css from "./StartForm.module.css";

export interface ScriptInput extends FilmShape {
  script: string;
  style?: string;
  requirement?: string;
  scenes?: string;
  /** Only where it is to be silent: the server's default is a film with sound. */
  sound?: false;
  pictures?: OwnPicture[];
}

interface Props {
  limits: InputLimits;
  /** Once it is loaded. */
  pipeline?: Pipeline | undefined;
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

export function ScriptForm({
  limits,
  pipeline,
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
  const [shape, setShape] = useState(shapeIn(initial));
  const [hasSound, setSound] = useState(hasSoundIn(initial));
  const [pictures, setPictures] = useState(picturesIn(initial));
  const [problem, setProblem] = useState<string>();

  const change = (text: string) => {
    onScript(text);
    setProblem(undefined);
  };
  const isFit = !validate(script, limits);
  useEffect(() => {
    const typed = {
      script,
      ...filledIn({ style, requirement, scenes }),
      ...shape,
      ...silentIf(!hasSound),
      ...withPictures(pictures),
    };
    onInput?.(isFit ? typed : null);
  }, [onInput, isFit, script, style, requirement, scenes, shape, hasSound, pictures]);
  const start = () => {
    const found = validate(script, limits);
    setProblem(found);
    if (!found)
      onStart({
        script,
        ...filledIn({ style, requirement, scenes }),
        ...shape,
        ...silentIf(!hasSound),
        ...withPictures(pictures),
      });
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
      <ScreenplayInput
        limits={limits}
        script={script}
        error={problem ?? errors["script"]}
        onScript={change}
        onProblem={setProblem}
      />
      <ScenesField scenes={scenes} error={errors["scenes"] || undefined} onScenes={setScenes} />
      <StyleFields
        style={style}
        requirement={requirement}
        pipeline={pipeline}
        shape={shape}
        hasSound={hasSound}
        pictures={pictures}
        errors={errors}
        onStyle={setStyle}
        onRequirement={setRequirement}
        onShape={setShape}
        onSound={setSound}
        onPictures={setPictures}
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

function validate(script: string, limits: InputLimits): string | undefined {
  if (!script.trim()) return "Paste a screenplay first, or load the example.";
  if (!looksLikeText(script)) return "This is not readable text. Export it as Fountain or plain text first.";
  const limit = isFinalDraft(script) ? limits.markup : limits.text;
  return script.length > limit ? `At most ${limit.toLocaleString("en")} characters, please.` : undefined;
}
