/** Pictures of one's own in the form of a film: chosen or dropped, shown, renamed, taken out. */
import { ActionIcon, Button, FileButton, Input, TextInput } from "@mantine/core";
import { IconPhotoPlus, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type DragEvent, useState } from "react";

import type { OwnPicture } from "@callboard/client";
import { useServices } from "@/shared/services";
import { BlobImage } from "./BlobImage";
import { PictureDialog } from "./PictureDialog";
import css from "./Pictures.module.css";

interface Props {
  pictures: readonly OwnPicture[];
  error: string | undefined;
  onPictures: (pictures: OwnPicture[]) => void;
}

const MOST_PICTURES = 8;
const TYPES = "image/jpeg,image/png,image/webp";

export function PicturesField({ pictures, error, onPictures }: Props) {
  const queries = useQueryClient();
  const [file, setFile] = useState<File>();
  const [isDropping, setDropping] = useState(false);
  const [said, setSaid] = useState("");
  const isFull = pictures.length >= MOST_PICTURES;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    const dropped = event.dataTransfer.files.item(0);
    if (dropped && !isFull) setFile(dropped);
  };
  const add = (picture: OwnPicture, shown: Blob) => {
    queries.setQueryData(["picture", picture.picture], shown);
    onPictures([...pictures, picture]);
    setSaid(`The picture of ${nameOf(picture)} is added.`);
    setFile(undefined);
  };
  const remove = (index: number) => {
    const gone = pictures[index];
    onPictures(pictures.filter((_, other) => other !== index));
    if (gone) setSaid(`The picture of ${nameOf(gone)} is taken out.`);
  };
  return (
    <Input.Wrapper
      labelElement="div"
      label="Pictures"
      description="Optional: the face of a character, or a picture whose style the film is to have"
      error={error}
    >
      <div
        className={css.field}
        data-dropping={isDropping || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={drop}
      >
        {pictures.length > 0 && (
          <ul className={css.list} aria-label="Your pictures">
            {pictures.map((picture, index) => (
              <Item
                key={`${picture.picture} ${picture.use}`}
                picture={picture}
                number={index + 1}
                onName={(name) =>
                  onPictures(pictures.map((each, other) => (other === index ? { ...each, name } : each)))
                }
                onRemove={() => remove(index)}
              />
            ))}
          </ul>
        )}
        <div className={css.add}>
          <FileButton key={pictures.length} accept={TYPES} onChange={(chosen) => chosen && setFile(chosen)}>
            {(props) => (
              <Button
                {...props}
                variant="default"
                disabled={isFull}
                leftSection={<IconPhotoPlus size={18} aria-hidden />}
              >
                {pictures.length ? "Add another picture" : "Add a picture"}
              </Button>
            )}
          </FileButton>
          <span className={css.hint}>
            {isFull
              ? `${MOST_PICTURES} pictures are as many as a film takes.`
              : "JPEG, PNG or WebP; or drop one here."}
          </span>
        </div>
        <output className={css.said}>{said}</output>
      </div>
      {file && <PictureDialog key={file.name} file={file} onClose={() => setFile(undefined)} onAdd={add} />}
    </Input.Wrapper>
  );
}

interface ItemProps {
  picture: OwnPicture;
  number: number;
  onName: (name: string) => void;
  onRemove: () => void;
}

function Item({ picture, number, onName, onRemove }: ItemProps) {
  const { api } = useServices();
  const remove = () => {
    onRemove();
    // At once, unless a film uses it: then the server refuses, and it goes with that.
    api.deletePicture(picture.picture).catch(() => undefined);
  };
  return (
    <li className={css.item}>
      <Shown picture={picture} />
      {picture.use === "face" ? (
        <TextInput
          aria-label={`Name of character ${number}`}
          value={picture.name ?? ""}
          maxLength={80}
          onChange={(event) => onName(event.currentTarget.value)}
          error={!picture.name?.trim() && "Who is this?"}
        />
      ) : (
        <span className={css.style}>Style of the film</span>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Take out the picture of ${nameOf(picture)}`}
        onClick={remove}
      >
        <IconX size={18} aria-hidden />
      </ActionIcon>
    </li>
  );
}

function nameOf({ use, name }: OwnPicture): string {
  return use === "face" ? name?.trim() || "somebody" : "the style";
}

/** The picture, which may have been brought with an earlier film. */
function Shown({ picture }: { picture: OwnPicture }) {
  const { api } = useServices();
  const { data, isError } = useQuery({
    queryKey: ["picture", picture.picture],
    queryFn: ({ signal }) => api.picture(picture.picture, signal),
    staleTime: Infinity,
    retry: false,
  });
  if (isError) return <span className={css.gone}>It is not there any more</span>;
  const alt = picture.use === "face" ? `The face of ${nameOf(picture)}` : "The style of the film";
  return data ? (
    <BlobImage blob={data} className={css.shown} data-use={picture.use} alt={alt} />
  ) : (
    <span className={css.shown} data-use={picture.use} />
  );
}
