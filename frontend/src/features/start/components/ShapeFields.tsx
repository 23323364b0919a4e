/** Format, resolution, length and sound of a film: those that the pipeline takes. What is left as it is, is left out. */
import { Input, NativeSelect, NumberInput, Switch } from "@mantine/core";
import type { ReactNode } from "react";

import type { Pipeline } from "@callboard/client";
import { isFilmFormat, SHAPES, type FilmFormat } from "@/shared/filmFormat";
import { fieldsOf, type FormField } from "../schemaFields";
import type { FieldErrors } from "./formFields";
import css from "./ShapeFields.module.css";

export interface FilmShape {
  format?: FilmFormat;
  resolution?: "720p" | "1080p";
  /** How long the film is to be; without it, as long as its story takes. */
  seconds?: number;
}

export interface ShapeProps {
  /** Which has them in the JSON Schema of its input; undefined until it is loaded. */
  pipeline: Pipeline | undefined;
  shape: FilmShape;
  hasSound: boolean;
  errors: FieldErrors;
  onShape: (shape: FilmShape) => void;
  onSound: (hasSound: boolean) => void;
}

export function ShapeFields({ pipeline, shape, hasSound, errors, onShape, onSound }: ShapeProps) {
  const fields = fieldsOf(pipeline?.input_schema);
  return (
    <div className={css.row}>
      {fields.map((field) => {
        const Field = FIELDS[field.name];
        return (
          Field && (
            <Field
              key={field.name}
              field={field}
              shape={shape}
              error={errors[field.name]}
              onChange={(value) => onShape(withValue(shape, field.name, value))}
            />
          )
        );
      })}
      <Switch
        className={css.sound ?? ""}
        label="Sound"
        description="Voices, a narrator, ambience and music; without, the film is silent"
        checked={hasSound}
        onChange={(event) => onSound(event.currentTarget.checked)}
        error={errors["sound"]}
      />
    </div>
  );
}

interface FieldProps {
  field: FormField;
  shape: FilmShape;
  error: string | undefined;
  /** Undefined: the server's default. */
  onChange: (value: unknown) => void;
}

const FIELDS: Readonly<Record<string, (props: FieldProps) => ReactNode>> = {
  format: FormatField,
  resolution: ResolutionField,
  seconds: LengthField,
};

function FormatField({ field, shape, error, onChange }: FieldProps) {
  return (
    <FormatPicker
      label={field.label}
      options={optionsOf(field).filter(isFilmFormat)}
      chosen={shape.format ?? field.fallback}
      error={error}
      onChange={(format) => onChange(format === field.fallback ? undefined : format)}
    />
  );
}

function ResolutionField({ field, shape, error, onChange }: FieldProps) {
  return (
    <NativeSelect
      className={css.field ?? ""}
      label={field.label}
      data={optionsOf(field).map(String)}
      value={String(shape.resolution ?? field.fallback)}
      error={error}
      onChange={({ currentTarget: { value } }) => onChange(value === field.fallback ? undefined : value)}
    />
  );
}

function LengthField({ field, shape, error, onChange }: FieldProps) {
  const most = field.kind === "number" ? field.most : undefined;
  return (
    <NumberInput
      className={css.field ?? ""}
      label="Length in seconds"
      placeholder="As the story needs"
      min={0}
      {...(most !== undefined && { max: most })}
      step={10}
      allowDecimal={false}
      value={shape.seconds ?? ""}
      error={error}
      onChange={(value) => onChange(Number(value) || undefined)}
    />
  );
}

function optionsOf(field: FormField): unknown[] {
  return field.kind === "choice" ? field.options : [];
}

interface PickerProps {
  label: string;
  options: FilmFormat[];
  chosen: unknown;
  error: string | undefined;
  onChange: (format: FilmFormat) => void;
}

function FormatPicker({ label, options, chosen, error, onChange }: PickerProps) {
  return (
    <fieldset className={css.formats}>
      <legend className={css.legend}>{label}</legend>
      {options.map((format) => (
        <label key={format} className={css.format}>
          <input
            type="radio"
            name="film-format"
            value={format}
            checked={chosen === format}
            onChange={() => onChange(format)}
          />
          <span className={css.frame}>
            <span className={css.outline} style={{ aspectRatio: SHAPES[format].ratio }} aria-hidden />
          </span>
          <span>
            {SHAPES[format].words} <span className={css.ratio}>{format}</span>
          </span>
        </label>
      ))}
      {error && (
        <Input.Error className={css.error ?? ""} role="alert">
          {error}
        </Input.Error>
      )}
    </fieldset>
  );
}

/** Of an earlier film, for the form that makes another. */
export function shapeIn({ format, resolution, seconds }: FilmShape = {}): FilmShape {
  return {
    ...(format && format !== "16:9" && { format }),
    ...(resolution && resolution !== "720p" && { resolution }),
    ...(seconds && { seconds }),
  };
}

function withValue(shape: FilmShape, name: string, value: unknown): FilmShape {
  const entries = Object.entries({ ...shape, [name]: value });
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}
