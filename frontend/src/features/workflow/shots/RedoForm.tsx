/** Redo a shot: what shall be different, and what follows from it. */
import { Alert, Autocomplete, Button, NativeSelect, NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";

import { type ApiError, capitalize, humanize, type RerunBody } from "@callboard/client";
import type { ShotView, StoryboardShot } from "../shots";
import { STYLE_WORDS } from "@/shared/styles";
import { ANGLES, changedFields, consequences, fieldsOf, MOVES, redoOf, SIZES, type RedoFields } from "./redo";
import css from "./RedoForm.module.css";

const LONGEST = 1000; // characters, as the server takes them
const LONGEST_SHOT = 30; // seconds

interface Props {
  shot: ShotView;
  board: StoryboardShot;
  /** How many shots the film has. */
  shots: number;
  /** Why it cannot be redone now; null when it can. */
  reason: string | null;
  isStarting: boolean;
  error: ApiError | null;
  onRedo: (body: RerunBody) => void;
}

export function RedoForm({ shot, board, shots, reason, isStarting, error, onRedo }: Props) {
  const [before] = useState(() => fieldsOf(board));
  const [fields, setFields] = useState<RedoFields>(before);
  const set = (change: Partial<RedoFields>) => setFields({ ...fields, ...change });
  const changed = changedFields(before, fields);
  const errors = error?.fields ?? {};
  return (
    <form
      className={css.form}
      aria-label={`Redo shot ${shot.id}`}
      onSubmit={(event) => {
        event.preventDefault();
        onRedo(redoOf(shot, before, fields));
      }}
    >
      <Words label="What happens" name="description" fields={fields} errors={errors} onChange={set} />
      {board.dialogue.length > 0 ? (
        <p className={css.note}>Its captions are what is said in it.</p>
      ) : (
        <Words label="Caption" name="caption" fields={fields} errors={errors} onChange={set} />
      )}
      <Autocomplete
        label="Style of this shot"
        placeholder="As the film"
        data={STYLE_WORDS}
        maxLength={LONGEST}
        value={fields.style}
        onChange={(style) => set({ style })}
        error={errors["style"]}
      />
      <details className={css.more}>
        <summary>Camera and pictures</summary>
        <div className={css.camera}>
          <Choices label="Size" name="size" choices={SIZES} fields={fields} errors={errors} onChange={set} />
          <Choices
            label="Angle"
            name="angle"
            choices={ANGLES}
            fields={fields}
            errors={errors}
            onChange={set}
          />
          <Choices label="Move" name="move" choices={MOVES} fields={fields} errors={errors} onChange={set} />
          <NumberInput
            label="Seconds"
            min={0.5}
            max={LONGEST_SHOT}
            step={0.5}
            value={fields.seconds}
            onChange={(seconds) => set({ seconds: Number(seconds) })}
            error={errors["seconds"]}
          />
        </div>
        <Words
          label="The first frame shows"
          name="first_frame"
          fields={fields}
          errors={errors}
          onChange={set}
        />
        <Words
          label="The last frame shows"
          name="last_frame"
          fields={fields}
          errors={errors}
          onChange={set}
        />
      </details>
      {error && (
        <Alert color="red" variant="light" role="alert" title="The shot cannot be redone like this">
          {error.message}
        </Alert>
      )}
      <p className={css.note}>{reason ?? consequences(shot.id, changed, shots)}</p>
      <Button type="submit" loading={isStarting} disabled={reason !== null}>
        {changed.length > 0 ? "Redo this shot" : "Take it again as it is"}
      </Button>
    </form>
  );
}

interface FieldProps<Name extends keyof RedoFields> {
  label: string;
  name: Name;
  fields: RedoFields;
  errors: Readonly<Record<string, string>>;
  onChange: (change: Partial<RedoFields>) => void;
}
type TextName = "description" | "caption" | "first_frame" | "last_frame";
type ChoiceName = "size" | "angle" | "move";

function Words({ label, name, fields, errors, onChange }: FieldProps<TextName>) {
  return (
    <Textarea
      label={label}
      autosize
      minRows={name === "caption" ? 1 : 2}
      maxRows={6}
      maxLength={LONGEST}
      value={fields[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      error={errors[name]}
    />
  );
}

function Choices({
  label,
  name,
  choices,
  fields,
  errors,
  onChange,
}: FieldProps<ChoiceName> & { choices: string[] }) {
  return (
    <NativeSelect
      label={label}
      data={choices.map((value) => ({ value, label: capitalize(humanize(value)) }))}
      value={fields[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      error={errors[name]}
    />
  );
}
