/** One field of a form that is drawn from a JSON Schema. */
import {
  Checkbox,
  Input,
  NativeSelect,
  NumberInput,
  Slider,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";

import { CountedTextarea } from "./CountedTextarea";
import css from "./StartForm.module.css";
import { optionLabel } from "../drafts";
import type { Draft } from "../drafts";
import type { FormField } from "../schemaFields";

interface Props {
  field: FormField;
  draft: Draft;
  error: string | undefined;
  onChange: (draft: Draft) => void;
}

export function SchemaField({ field, draft, error, onChange }: Props) {
  const { label, isRequired: required } = field;
  const description = field.description || undefined;
  const shared = { label, description, required, error };
  const written = {
    ...shared,
    value: String(draft),
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  switch (field.kind) {
    case "text":
      return <TextInput {...written} />;
    case "date":
      return <TextInput {...written} type="date" />;
    case "longText":
      return field.longest === undefined ? (
        <Textarea {...written} autosize minRows={2} maxRows={16} />
      ) : (
        <CountedTextarea
          {...shared}
          value={String(draft)}
          onChange={onChange}
          limit={field.longest}
          autosize
          minRows={4}
          maxRows={16}
        />
      );
    case "texts":
      return (
        <Textarea
          {...written}
          description={[description, "One a line"].filter(Boolean).join(" · ")}
          autosize
          minRows={2}
          maxRows={16}
        />
      );
    case "number":
      return (
        <NumberInput
          {...shared}
          value={draft as number | string}
          onChange={(value) => onChange(typeof value === "bigint" ? Number(value) : value)}
          {...(field.least !== undefined && { min: field.least })}
          {...(field.most !== undefined && { max: field.most })}
          step={field.step}
          allowDecimal={!field.isWhole}
          clampBehavior="none"
        />
      );
    case "slider":
      return <Range {...shared} field={field} value={Number(draft)} onChange={onChange} />;
    case "boolean":
      return (
        <Switch
          label={label}
          description={description}
          error={error}
          checked={draft === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice":
      return <NativeSelect {...written} data={choicesOf(field)} />;
    case "choices":
      return (
        <Checkbox.Group {...shared} value={draft as string[]} onChange={onChange}>
          {field.options.map((option, index) => (
            <Checkbox key={optionLabel(option)} mt={8} value={String(index)} label={optionLabel(option)} />
          ))}
        </Checkbox.Group>
      );
    case "json":
    default:
      return (
        <Textarea
          {...written}
          classNames={{ input: css.json ?? "" }}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
        />
      );
  }
}

interface RangeProps {
  field: Extract<FormField, { kind: "number" | "slider" }>;
  label: string;
  description: string | undefined;
  error: string | undefined;
  value: number;
  onChange: (value: number) => void;
}

function Range({ field, label, description, error, value, onChange }: RangeProps) {
  const { least = 0, most = 0, step } = field;
  return (
    <Input.Wrapper labelElement="div" label={`${label}: ${value}`} description={description} error={error}>
      <Slider
        mt={10}
        mb={24}
        label={null}
        thumbLabel={label}
        min={least}
        max={most}
        step={step}
        value={value}
        onChange={onChange}
        marks={[least, most].map((mark) => ({ value: mark, label: mark }))}
      />
    </Input.Wrapper>
  );
}

/** The options, and none where it may be left open. */
function choicesOf(field: Extract<FormField, { kind: "choice" | "choices" }>) {
  const options = field.options.map((option, index) => ({
    value: String(index),
    label: optionLabel(option),
  }));
  return field.isRequired || field.fallback !== undefined ? options : [{ value: "", label: "–" }, ...options];
}
