import type { Pipeline } from "@callboard/client";
import tones from "@/shared/components/tone.module.css";
import css from "./StartForm.module.css";

/** Why the pipeline cannot be started at the moment; nothing when it can. */
export function Lacks({ pipeline }: { pipeline: Pipeline | undefined }) {
  if (!pipeline?.lacks.length) return null;
  return (
    <output className={`${css.lacks} ${tones["wait"]}`}>
      <strong>It cannot be started at the moment.</strong>
      {pipeline.lacks.map((sentence) => (
        <span key={sentence}>{sentence}</span>
      ))}
    </output>
  );
}
