/** Starts a series of films from a book: a file is chosen, read on the server, and its text sent on. */
import { Button, FileButton, NumberInput, Progress } from "@mantine/core";
import { IconBook, IconMovie } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { useLocation } from "react-router";

import { type ApiError, type Book, type OwnPicture, type Pipeline } from "@callboard/client";
import { filledIn, silentIf, withPictures } from "./components/formFields";
import { Lacks } from "./components/Lacks";
import { StartError } from "./components/StartError";
import css from "./components/StartForm.module.css";
import { shapeIn, type FilmShape } from "./components/ShapeFields";
import { StyleFields } from "./components/StyleFields";
import { type ReadBook, useBook } from "./hooks/useBook";
import { usePipelines } from "./hooks/usePipelines";
import { useStartWorkflow } from "./hooks/useStartWorkflow";

const MOST_EPISODES = 12;
const MOST_SCENES = 8;
const USUAL = { episodes: 3, scenes: 3, style: "", requirement: "", sound: true, pictures: [] };
const TYPES = ".txt,.md,.markdown,.epub,text/plain,text/markdown,application/epub+zip";

/** Of the film before; its book must be chosen again, as the page has the beginning only. */
type Initial = Partial<Omit<Wish, "novel" | "shape">> & FilmShape;

export function Novel2Video() {
  const { pipelines } = usePipelines();
  const { start, isStarting, error } = useStartWorkflow("novel2video");
  const pipeline = pipelines.find((candidate) => candidate.name === "novel2video");
  const initial = (useLocation().state as { input?: Initial } | null)?.input;
  return (
    <div className={css.page}>
      <title>Novel2Video – Callboard</title>
      <div>
        <h1 style={{ margin: 0 }}>Start from a book</h1>
        <p className={css.intro}>
          A novel or a story becomes a series of short films, in its own sentences. You see the plan, and can
          change it, before anything is drawn.
        </p>
        <Lacks pipeline={pipeline} />
        <StartError error={error} />
        <BookForm
          pipeline={pipeline}
          initial={initial}
          isSending={isStarting}
          isDisabled={Boolean(pipeline?.lacks.length)}
          error={error}
          onStart={(wish) => void start(wish)}
        />
      </div>
      <aside className={css.aside} aria-label="What happens then">
        <h2>What happens then</h2>
        <ol className={css.steps}>
          <li>
            <strong>The book is read:</strong> its chapters, people, places and events.
          </li>
          <li>
            <strong>You agree to the plan:</strong> titles, summaries, and what everybody looks like.
          </li>
          <li>
            <strong>Each episode becomes a film,</strong> with the same faces in all of them.
          </li>
        </ol>
      </aside>
    </div>
  );
}

interface Wish {
  novel: string;
  episodes: number;
  scenes: number;
  style: string;
  requirement: string;
  sound: boolean;
  pictures: OwnPicture[];
  shape: FilmShape;
}

type Started = Pick<Wish, "novel" | "episodes" | "scenes"> & Partial<Omit<Wish, "shape">> & FilmShape;

interface Props {
  pipeline: Pipeline | undefined;
  initial: Initial | undefined;
  isSending: boolean;
  isDisabled: boolean;
  error: ApiError | null;
  onStart: (wish: Started) => void;
}

function BookForm({ pipeline, initial, isSending, isDisabled, error, onStart }: Props) {
  const reading = useBook();
  const [wish, setWish] = useState<Omit<Wish, "novel">>(withoutBook(initial));
  const [isMissing, setMissing] = useState(false);
  const fields = error?.fields ?? {};
  const { book } = reading;
  const start = () => {
    setMissing(!book);
    if (book) onStart({ novel: book.text, ...sentOf(wish) });
  };
  return (
    <form
      className={css.fields}
      aria-label="Start from a book"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <BookField reading={reading} problem={isMissing && !book ? "Choose a book first." : fields["novel"]} />
      <div className={css.pair}>
        <NumberInput
          label="Episodes"
          description="Films that are made of it"
          min={1}
          max={MOST_EPISODES}
          value={wish.episodes}
          onChange={(value) => setWish({ ...wish, episodes: Number(value) })}
          error={fields["episodes"]}
        />
        <NumberInput
          label="Scenes of an episode"
          description="Each becomes some shots"
          min={1}
          max={MOST_SCENES}
          value={wish.scenes}
          onChange={(value) => setWish({ ...wish, scenes: Number(value) })}
          error={fields["scenes"]}
        />
      </div>
      <StyleFields
        style={wish.style}
        requirement={wish.requirement}
        pipeline={pipeline}
        shape={wish.shape}
        hasSound={wish.sound}
        pictures={wish.pictures}
        errors={fields}
        onStyle={(style) => setWish({ ...wish, style })}
        onRequirement={(requirement) => setWish({ ...wish, requirement })}
        onShape={(shape) => setWish({ ...wish, shape })}
        onSound={(sound) => setWish({ ...wish, sound })}
        onPictures={(pictures) => setWish({ ...wish, pictures })}
      />
      <div className={css.submit}>
        <Button
          type="submit"
          size="md"
          loading={isSending}
          disabled={isDisabled || reading.isReading}
          leftSection={<IconMovie size={19} aria-hidden />}
        >
          Read it and plan the films
        </Button>
      </div>
    </form>
  );
}

function withoutBook(initial: Initial = {}): Omit<Wish, "novel"> {
  const { episodes, scenes, style, requirement, sound, pictures } = { ...USUAL, ...initial };
  return { episodes, scenes, style, requirement, sound, pictures, shape: shapeIn(initial) };
}

function sentOf({ episodes, scenes, style, requirement, sound, pictures, shape }: Omit<Wish, "novel">) {
  return {
    episodes: episodes || 1,
    scenes: scenes || 1,
    ...filledIn({ style, requirement }),
    ...shape,
    ...silentIf(!sound),
    ...withPictures(pictures),
  };
}

interface BookFieldProps {
  reading: ReadBook;
  /** What else is wrong with it. */
  problem: string | undefined;
}

function BookField({ reading, problem: other }: BookFieldProps) {
  const { book, isReading, sent, cancel, read: onFile } = reading;
  const problem = reading.problem ?? other;
  const [isDropping, setDropping] = useState(false);
  const forget = useRef<() => void>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    const file = event.dataTransfer.files.item(0);
    if (file) onFile(file);
  };
  return (
    <div
      className={`${css.book} ${isDropping ? css.dropping : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={drop}
    >
      <FileButton
        accept={TYPES}
        resetRef={forget}
        onChange={(file) => {
          if (file) onFile(file);
          forget.current?.(); // or the same file, chosen again after a cancel, would be no change
        }}
      >
        {(props) => (
          <Button
            {...props}
            variant="default"
            loading={isReading}
            leftSection={<IconBook size={18} aria-hidden />}
          >
            {book ? "Choose another book" : "Choose a book"}
          </Button>
        )}
      </FileButton>
      {isReading && (
        <Button variant="subtle" onClick={cancel}>
          Cancel
        </Button>
      )}
      {isReading && sent < 1 && <Sent fraction={sent} />}
      <output className={css.count}>
        {isReading
          ? sent < 1
            ? "Sending the book…"
            : "Reading the book…"
          : book
            ? wordsOf(book)
            : "A .txt, .md or .epub file; or drop one here."}
      </output>
      {problem && (
        <p role="alert" className={css.over} style={{ margin: 0 }}>
          {problem}
        </p>
      )}
    </div>
  );
}

/** How much of the file has been sent; seen only when it takes long. */
function Sent({ fraction }: { fraction: number }) {
  const percent = Math.floor(fraction * 100);
  return (
    <div className={css.sent}>
      <Progress.Root size="md">
        <Progress.Section value={percent} aria-label="Sent of the book" />
      </Progress.Root>
      <span aria-hidden>{percent} %</span>
    </div>
  );
}

function wordsOf({ title, author, text, chapters }: Book): string {
  const by = author ? ` by ${author}` : "";
  const count = `${chapters.toLocaleString("en")} ${chapters === 1 ? "chapter" : "chapters"}`;
  return `“${title || "Untitled"}”${by}: ${text.length.toLocaleString("en")} characters, ${count}`;
}
