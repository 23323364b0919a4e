/** A screenplay that is pasted, typed, dropped, or opened from a file. */
import { Button, FileButton } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useState } from "react";
import type { DragEvent } from "react";

import { CountedTextarea } from "./CountedTextarea";
import { SCREENPLAY } from "../examples";
import { FinalDraftFile } from "./FinalDraftFile";
import type { InputLimits } from "../inputLimits";
import { isFinalDraft, looksLikeText } from "../readScreenplay";
import css from "./StartForm.module.css";

interface Props {
  limits: InputLimits;
  script: string;
  error: string | undefined;
  onScript: (script: string) => void;
  /** What is wrong with a file that was to be opened. */
  onProblem: (problem: string) => void;
}

const BYTES_PER_CHARACTER = 4;

export function ScreenplayInput({ limits, script, error, onScript, onProblem }: Props) {
  const [isDropping, setDropping] = useState(false);

  const open = async (file: File | null) => {
    if (!file) return;
    const found = await validateFile(file, limits);
    if (found) onProblem(found);
    else onScript(await file.text());
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    void open(event.dataTransfer.files.item(0));
  };
  return (
    <>
      <div className={css.examples}>
        <FileButton accept=".fountain,.fdx,.txt,.spmd,text/plain" onChange={(file) => void open(file)}>
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
        <Button variant="default" size="compact-md" fw={500} onClick={() => onScript(SCREENPLAY)}>
          Load an example
        </Button>
        <span className={css.count}>or drop a .fountain, .fdx or .txt file below</span>
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
        {isFinalDraft(script) ? (
          <FinalDraftFile document={script} error={error} onRemove={() => onScript("")} />
        ) : (
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
            onChange={onScript}
            error={error}
          />
        )}
      </div>
    </>
  );
}

async function validateFile(file: File, limits: InputLimits): Promise<string | undefined> {
  const most = Math.max(limits.text, limits.markup) * BYTES_PER_CHARACTER;
  if (file.size > most) return `${file.name} is too long for one video.`;
  return looksLikeText(await file.text())
    ? undefined
    : `${file.name} is not a text file. Export it as Fountain, Final Draft (.fdx) or plain text first.`;
}
