/** What a chosen picture is for: whose face it is, and which part of it; or the style of the film. Then it is brought. */
import { Alert, Button, Modal, Progress, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";

import type { OwnPicture } from "@callboard/client";
import { BlobImage } from "./BlobImage";
import { Cropper } from "./Cropper";
import { FIRST_CROP, sizeOf, type Crop } from "./crop";
import { drawn } from "./drawing";
import css from "./Pictures.module.css";
import { useUpload } from "./useUpload";

interface Props {
  file: File;
  onClose: () => void;
  /** With what is shown of it. */
  onAdd: (picture: OwnPicture, shown: Blob) => void;
}

const LONGEST_NAME = 80;
const USES = [
  { value: "face", label: "A character’s face" },
  { value: "style", label: "The style of the film" },
];

export function PictureDialog({ file, onClose, onAdd }: Props) {
  const [image, setImage] = useState<HTMLImageElement>();
  const [isBroken, setBroken] = useState(false);
  const [use, setUse] = useState<OwnPicture["use"]>("face");
  const [name, setName] = useState("");
  const [crop, setCrop] = useState<Crop>(FIRST_CROP);
  const [isNameless, setNameless] = useState(false);
  const { upload, percent, problem } = useUpload();
  const isFace = use === "face";
  const add = async () => {
    const kept = name.trim();
    setNameless(isFace && !kept);
    if (!image || (isFace && !kept)) return;
    const sent = await upload(() => drawn(image, isFace ? crop : null));
    if (sent) onAdd({ picture: sent.id, use, name: isFace ? kept : "" }, sent.file);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="Add a picture"
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={css.dialog}
        aria-label="Add a picture"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation(); // the dialog stands within the form of the film
          void add();
        }}
      >
        <BlobImage
          blob={file}
          alt=""
          className={css.measure}
          onLoad={({ currentTarget }) => setImage(currentTarget)}
          onError={() => setBroken(true)}
        />
        {isBroken && <Problem text="This file cannot be shown as a picture. Choose a JPEG, PNG or WebP." />}
        <SegmentedControl
          fullWidth
          aria-label="What it is for"
          value={use}
          onChange={(chosen) => setUse(chosen === "style" ? "style" : "face")}
          data={USES}
        />
        {isFace ? (
          <>
            <TextInput
              label="Who is this?"
              description="The name, as the story has it"
              data-autofocus
              required
              maxLength={LONGEST_NAME}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={isNameless && !name.trim() && "Write the name of a character."}
            />
            {image && <Cropper blob={file} size={sizeOf(image)} crop={crop} onCrop={setCrop} />}
            <p className={css.hint}>
              Fill the oval with the head. It becomes the head in portraits and shots; an image model gets it
              to keep to.
            </p>
          </>
        ) : (
          <>
            <BlobImage blob={file} className={css.whole} alt="What you chose" />
            <p className={css.hint}>
              Its colours become those of the film; an image model gets it to keep to.
            </p>
          </>
        )}
        <Sending percent={percent} problem={problem} />
        <div className={css.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={percent !== null} disabled={!image}>
            {problem ? "Try again" : "Use this picture"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Sending({ percent, problem }: { percent: number | null; problem: string | undefined }) {
  if (percent === null) return problem ? <Problem text={problem} /> : null;
  return (
    <output>
      <Progress value={percent} aria-label="Sent" />
      <span className={css.hint}>{percent} % sent</span>
    </output>
  );
}

function Problem({ text }: { text: string }) {
  return (
    <Alert color="red" role="alert">
      {text}
    </Alert>
  );
}
