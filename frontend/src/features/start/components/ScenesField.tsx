/** Which scenes of a screenplay become the film, and, where too many were chosen, a button that takes those that fit. */
import { Button, TextInput } from "@mantine/core";

import css from "./StartForm.module.css";

const OFFER = /write (.+) in Scenes/;

interface Props {
  scenes: string;
  error: string | undefined;
  onScenes: (scenes: string) => void;
}

export function ScenesField({ scenes, error, onScenes }: Props) {
  const offer = OFFER.exec(error ?? "")?.[1];
  return (
    <div className={css.scenes}>
      <TextInput
        label="Scenes"
        description="Optional: only some of them, by their numbers"
        placeholder="12-20, 35"
        value={scenes}
        onChange={(event) => onScenes(event.currentTarget.value)}
        error={error}
      />
      {offer && (
        <Button variant="light" size="compact-md" mt={8} onClick={() => onScenes(offer)}>
          Take scenes {offer}
        </Button>
      )}
    </div>
  );
}
