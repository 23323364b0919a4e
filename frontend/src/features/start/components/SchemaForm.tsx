/** A form for any input, drawn from its JSON Schema. Shows the server's field errors, and leaves the request to its parent. */
import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import { SchemaField } from "./SchemaField";
import { draftsOf, inputOf } from "../drafts";
import type { Input } from "../drafts";
import { fieldsOf } from "../schemaFields";
import type { FieldErrors } from "./formFields";
import css from "./StartForm.module.css";

interface Props {
  schema: unknown;
  /** What the form is for. */
  label: string;
  initial?: Input | undefined;
  isSending: boolean;
  isDisabled: boolean;
  /** The server's errors, by field. */
  errors: FieldErrors;
  onStart: (input: Input) => void;
}

export function SchemaForm({ schema, label, initial, isSending, isDisabled, errors, onStart }: Props) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const [drafts, setDrafts] = useState(() => draftsOf(fields, initial));
  const [problems, setProblems] = useState<FieldErrors>({});

  const start = () => {
    const filled = inputOf(fields, drafts);
    setProblems(filled.problems);
    if (Object.keys(filled.problems).length === 0) onStart(filled.input);
  };
  return (
    <form
      className={css.fields}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      {fields.map((field) => (
        <SchemaField
          key={field.name}
          field={field}
          draft={drafts[field.name] ?? ""}
          error={problems[field.name] ?? errors[field.name]}
          onChange={(draft) => {
            setDrafts((before) => ({ ...before, [field.name]: draft }));
            setProblems((before) => without(before, field.name));
          }}
        />
      ))}
      <div>
        <Button
          type="submit"
          size="md"
          loading={isSending}
          disabled={isDisabled}
          leftSection={<IconPlayerPlay size={19} aria-hidden />}
        >
          Start
        </Button>
      </div>
    </form>
  );
}

function without(problems: FieldErrors, name: string): FieldErrors {
  return Object.fromEntries(Object.entries(problems).filter(([field]) => field !== name));
}
