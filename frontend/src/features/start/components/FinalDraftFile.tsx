/** Stands where the screenplay is typed once a Final Draft document is there, which is no text to be read or edited. */
import { Button, Input } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";

import css from "./StartForm.module.css";

interface Props {
  document: string;
  error: string | undefined;
  onRemove: () => void;
}

export function FinalDraftFile({ document, error, onRemove }: Props) {
  const kilobytes = Math.max(1, Math.round(document.length / 1000)).toLocaleString("en");
  return (
    <section aria-label="Your screenplay">
      <div className={css.document}>
        <IconFileText size={22} aria-hidden />
        <p>
          <strong>Final Draft document</strong>
          <span>{kilobytes} kB, read as it is: scenes, speakers, notes and transitions</span>
        </p>
        <Button variant="default" size="compact-md" onClick={onRemove}>
          Remove
        </Button>
      </div>
      {error && (
        <Input.Error mt={6} role="alert">
          {error}
        </Input.Error>
      )}
    </section>
  );
}
