/** Links and tokens of one workflow for others: a frame for a page, a token for a program. Nothing is made before it is asked for. */
import { Button, CopyButton, Modal, NativeSelect, Textarea } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useId, useState } from "react";

import type { NewWorkflowToken, WorkflowTokenBody } from "@callboard/client";
import tones from "@/shared/components/tone.module.css";
import { useFocusBack } from "@/shared/hooks/useFocusBack";
import { useShare } from "./useShare";
import css from "./Share.module.css";

const HOUR = 3600;
const DURATIONS = [
  { value: String(HOUR), label: "an hour" },
  { value: String(8 * HOUR), label: "8 hours" },
  { value: String(24 * HOUR), label: "a day" },
];
const RIGHTS = [
  { value: "watch", label: "watch" },
  { value: "control", label: "watch and control" },
];

export default function ShareDialog({ workflowId, onClose }: { workflowId: string; onClose: () => void }) {
  useFocusBack();
  const [seconds, setSeconds] = useState(String(HOUR));
  const [may, setMay] = useState<NonNullable<NewWorkflowToken["may"]>>("watch");
  const { make, isMaking, made, error } = useShare(workflowId);
  return (
    <Modal opened onClose={onClose} title="Share this workflow" size="lg">
      <p className={css.note}>
        For pages and programs of your own, and for people without an account. It opens this workflow and
        nothing else, and ends when you sign out.
      </p>
      <form
        className={css.wishes}
        onSubmit={(event) => {
          event.preventDefault();
          make({ may, seconds: Number(seconds) });
        }}
      >
        <NativeSelect
          label="Good for"
          data={DURATIONS}
          value={seconds}
          onChange={(event) => setSeconds(event.currentTarget.value)}
        />
        <NativeSelect
          label="Programs may"
          data={RIGHTS}
          value={may}
          onChange={(event) => setMay(event.currentTarget.value === "control" ? "control" : "watch")}
        />
        <Button type="submit" loading={isMaking}>
          {made ? "Make new ones" : "Make the links"}
        </Button>
      </form>
      <output className={tones.bad}>{error?.message}</output>
      {made && <Made made={made} />}
    </Modal>
  );
}

function Made({ made }: { made: WorkflowTokenBody }) {
  const until = new Date(made.expires_at).toLocaleString(undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return (
    <section className={css.made} aria-label="For others">
      {made.embed_url === null ? (
        <p className={css.note}>
          To show it in a frame on another page, name that page in <code>EMBED_ANCESTORS</code> on the server.
        </p>
      ) : (
        <>
          <Copied label="For a page: a frame" text={iframe(made.embed_url)} />
          <Copied label="For a person: a link, only to watch" text={made.embed_url} />
        </>
      )}
      <Copied label={`For a program: a token to ${nameOf(made.may)}`} text={made.token} />
      <p className={css.note}>Good until {until}. Whoever has them can use them: treat them like keys.</p>
    </section>
  );
}

function Copied({ label, text }: { label: string; text: string }) {
  const id = useId();
  return (
    <div>
      <div className={css.head}>
        <label htmlFor={id}>{label}</label>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              size="compact-sm"
              leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
              onClick={copy}
              aria-label={`${copied ? "Copied" : "Copy"}: ${label}`}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </div>
      <Textarea
        id={id}
        className={css.text ?? ""}
        value={text}
        rows={3}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
    </div>
  );
}

function nameOf(may: WorkflowTokenBody["may"]): string {
  return may === "control" ? "watch and control" : "watch";
}

function iframe(url: string): string {
  return `<iframe src="${url}" width="640" height="480" title="How far the film is"></iframe>`;
}
