/** The optional style, requirement, sound and pictures of a video: the same fields for an idea, a script and a book. */
import { Switch, TextInput } from "@mantine/core";

import type { OwnPicture } from "@callboard/client";
import { PicturesField } from "../pictures/PicturesField";
import { StylePicker } from "./StylePicker";
import css from "./StartForm.module.css";

interface Props {
  style: string;
  requirement: string;
  hasSound: boolean;
  pictures: readonly OwnPicture[];
  errors: Readonly<Record<string, string | undefined>>;
  onStyle: (style: string) => void;
  onRequirement: (requirement: string) => void;
  onSound: (hasSound: boolean) => void;
  onPictures: (pictures: OwnPicture[]) => void;
}

export function StyleFields({
  style,
  requirement,
  hasSound,
  pictures,
  errors,
  onStyle,
  onRequirement,
  onSound,
  onPictures,
}: Props) {
  return (
    <>
      <StylePicker value={style} onChange={onStyle} />
      <div className={css.pair}>
        <TextInput
          label="Style"
          description="Optional: in words of your own"
          placeholder="Watercolour"
          value={style}
          onChange={(event) => onStyle(event.currentTarget.value)}
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
        <Switch
          label="Sound"
          description="Voices, a narrator, ambience and music; without, the film is silent"
          checked={hasSound}
          onChange={(event) => onSound(event.currentTarget.checked)}
          error={errors["sound"]}
        />
      </div>
      <PicturesField pictures={pictures} error={errors["pictures"]} onPictures={onPictures} />
    </>
  );
}
