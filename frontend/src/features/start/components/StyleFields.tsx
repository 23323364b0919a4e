/** The optional style, requirement, shape, sound and pictures of a video: the same fields for an idea, a script and a book. */
import { TextInput } from "@mantine/core";

import type { OwnPicture } from "@callboard/client";
import { PicturesField } from "../pictures/PicturesField";
import { ShapeFields, type ShapeProps } from "./ShapeFields";
import { StylePicker } from "./StylePicker";
import css from "./StartForm.module.css";

interface Props extends ShapeProps {
  style: string;
  requirement: string;
  pictures: readonly OwnPicture[];
  onStyle: (style: string) => void;
  onRequirement: (requirement: string) => void;
  onPictures: (pictures: OwnPicture[]) => void;
}

export function StyleFields({
  style,
  requirement,
  pictures,
  onStyle,
  onRequirement,
  onPictures,
  ...shape
}: Props) {
  const { errors } = shape;
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
      </div>
      <ShapeFields {...shape} />
      <PicturesField pictures={pictures} error={errors["pictures"]} onPictures={onPictures} />
    </>
  );
}
