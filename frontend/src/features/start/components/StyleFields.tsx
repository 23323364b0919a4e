/** The optional style and requirement of a video: the same fields for an idea and for a script. */
import { Autocomplete, TextInput } from "@mantine/core";

import { STYLES } from "../examples";
import css from "./StartForm.module.css";

interface Props {
  style: string;
  requirement: string;
  errors: Readonly<Record<string, string | undefined>>;
  onStyle: (style: string) => void;
  onRequirement: (requirement: string) => void;
}

export function StyleFields({ style, requirement, errors, onStyle, onRequirement }: Props) {
  return (
    <div className={css.pair}>
      <Autocomplete
        label="Style"
        description="Optional: how the pictures look"
        placeholder="Watercolour"
        data={STYLES}
        value={style}
        onChange={onStyle}
        error={errors["style"]}
      />
      <TextInput
        label="Requirement"
        description="Optional: what the film must respect"
        placeholder="A hopeful ending"
        value={requirement}
        onChange={(event) => onRequirement(event.currentTarget.value)}
        error={errors["requirement"]}
      />
    </div>
  );
}
