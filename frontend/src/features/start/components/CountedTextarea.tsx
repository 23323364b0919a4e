/** A text area with a character counter. */
import { Textarea } from "@mantine/core";
import type { TextareaProps } from "@mantine/core";

import css from "./StartForm.module.css";

interface Props extends Omit<TextareaProps, "value" | "onChange" | "label"> {
  label: string;
  value: string;
  /** The most characters allowed. */
  limit: number;
  onChange: (value: string) => void;
}

export function CountedTextarea({ label, value, limit, onChange, ...props }: Props) {
  const isOver = value.length > limit;
  return (
    <div>
      <Textarea
        {...props}
        label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        inputWrapperOrder={["label", "description", "input", "error"]}
      />
      <p
        className={`${css.count} ${isOver ? css.over : ""}`}
        style={{ margin: "5px 0 0", textAlign: "right" }}
      >
        {value.length.toLocaleString("en")} / {limit.toLocaleString("en")}
        {isOver && ` · ${(value.length - limit).toLocaleString("en")} too many`}
      </p>
    </div>
  );
}
