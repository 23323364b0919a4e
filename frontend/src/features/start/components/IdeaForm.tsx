/** The form for an idea. Validates the length, shows the server's field errors, and leaves the request to its parent. */
import { Button, Input, Slider } from "@mantine/core";
import { IconMovie } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";

import type { OwnPicture, Pipeline } from "@callboard/client";
import { CountedTextarea } from "./CountedTextarea";
import { IDEAS } from "../examples";
import type { InputLimits } from "../inputLimits";
import { filledIn, hasSoundIn, picturesIn, silentIf, withPictures, type FieldErrors } from "./formFields";
import { shapeIn, type FilmShape } from "./ShapeFields";
import { StyleFields } from "./StyleFields";
import css from "./StartForm.module.css";

export interface IdeaInput extends FilmShape {
  idea: string;
  scenes: number;
  style?: string;
  requirement?: string;
  /** Only where it is to be silent: the server's default is a film with sound. */
  sound?: false;
  pictures?: OwnPicture[];
}

interface Props {
  limits: InputLimits;
  /** Once it is loaded. */
  pipeline?: Pipeline | undefined;
  initial?: Partial<IdeaInput> | undefined;
  isSending: boolean;
  /** It cannot be started at the moment. */
  isDisabled?: boolean;
  /** The server's errors, by field. */
  errors: FieldErrors;
  /** What is typed, for whoever tells what it will take; null: nothing yet. */
  onInput?: (input: IdeaInput | null) => void;
  /** A line about what it will take. */
  children?: ReactNode;
  onStart: (input: IdeaInput) => void;
}

const USUAL_SCENES = 3;

export function IdeaForm({
  limits,
  pipeline,
  initial,
  isSending,
  isDisabled,
  errors,
  onInput,
  children,
  onStart,
}: Props) {
  const [idea, setIdea] = useState(initial?.idea ?? "");
  const [scenes, setScenes] = useState(initial?.scenes ?? USUAL_SCENES);
  const [style, setStyle] = useState(initial?.style ?? "");
  const [requirement, setRequirement] = useState(initial?.requirement ?? "");
  const [shape, setShape] = useState(shapeIn(initial));
  const [hasSound, setSound] = useState(hasSoundIn(initial));
  const [pictures, setPictures] = useState(picturesIn(initial));
  const [problem, setProblem] = useState<string>();

  const input = {
    idea: idea.trim(),
    scenes,
    ...filledIn({ style, requirement }),
    ...shape,
    ...silentIf(!hasSound),
    ...withPictures(pictures),
  };
  const isFit = !validate(idea, limits.text);
  useEffect(() => {
    const typed = {
      idea: idea.trim(),
      scenes,
      ...filledIn({ style, requirement }),
      ...shape,
      ...silentIf(!hasSound),
      ...withPictures(pictures),
    };
    onInput?.(isFit ? typed : null);
  }, [onInput, isFit, idea, scenes, style, requirement, shape, hasSound, pictures]);
  const start = () => {
    const found = validate(idea, limits.text);
    setProblem(found);
    if (!found) onStart(input);
  };
  return (
    <form
      className={css.fields}
      aria-label="Start from an idea"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <CountedTextarea
        label="Your idea"
        placeholder="Who is it about, where are they, and what goes wrong?"
        autosize
        minRows={6}
        maxRows={16}
        size="md"
        required
        value={idea}
        limit={limits.text}
        onChange={(value) => {
          setIdea(value);
          setProblem(undefined);
        }}
        error={problem ?? errors["idea"]}
      />
      <div className={css.examples}>
        <span className={css.count}>Or begin with:</span>
        {IDEAS.map((example) => (
          <Button
            key={example.name}
            variant="default"
            size="compact-sm"
            fw={500}
            onClick={() => {
              setIdea(example.idea);
              setProblem(undefined);
            }}
          >
            {example.name}
          </Button>
        ))}
      </div>
      <Scenes value={scenes} limits={limits} error={errors["scenes"]} onChange={setScenes} />
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

interface ScenesProps {
  value: number;
  limits: InputLimits;
  error: string | undefined;
  onChange: (scenes: number) => void;
}

function Scenes({ value, limits, error, onChange }: ScenesProps) {
  return (
    <Input.Wrapper labelElement="div" label={`Scenes: ${value}`} error={error}>
      <Slider
        mt={10}
        mb={24}
        label={null}
        thumbLabel="Scenes"
        thumbValueText={(scenes) => `${scenes} ${scenes === 1 ? "scene" : "scenes"}`}
        min={limits.leastScenes}
        max={limits.mostScenes}
        value={value}
        onChange={onChange}
        marks={[limits.leastScenes, Math.round(limits.mostScenes / 2), limits.mostScenes].map((mark) => ({
          value: mark,
          label: mark,
        }))}
      />
    </Input.Wrapper>
  );
}

function validate(idea: string, limit: number): string | undefined {
  if (!idea.trim()) return "Write your idea first: one sentence is enough.";
  return idea.length > limit ? `At most ${limit.toLocaleString("en")} characters, please.` : undefined;
}
