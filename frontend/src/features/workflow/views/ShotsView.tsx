/** The shots of a film, or what else was made. */
import { ContactSheet } from "../components/ContactSheet";
import { MadeList } from "../components/MadeList";
import { ShowMore } from "../components/ShowMore";
import { isFilm, othersOf } from "../results";
import type { ViewProps } from "./viewProps";
import css from "./ShotsView.module.css";

export function ShotsView({ workflow, boards, onMoreArtifacts }: ViewProps) {
  return (
    <>
      {isFilm(workflow) && (
        <section aria-label="Contact sheet">
          <h2>Contact sheet</h2>
          <ContactSheet workflow={workflow} boards={boards} />
          {onMoreArtifacts && <ShowMore hidden="Older pictures are left out." onMore={onMoreArtifacts} />}
        </section>
      )}
      <Made workflow={workflow} onMoreArtifacts={onMoreArtifacts} />
    </>
  );
}

/** What no contact sheet shows. */
function Made({ workflow, onMoreArtifacts }: Pick<ViewProps, "workflow" | "onMoreArtifacts">) {
  const others = othersOf(workflow);
  if (isFilm(workflow)) {
    if (!others.length) return null;
    return (
      <section className={css.also} aria-label="Also made">
        <h2>Also made</h2>
        <MadeList artifacts={others} />
      </section>
    );
  }
  return (
    <section aria-label="What was made">
      <h2>What was made</h2>
      {others.length > 0 && <MadeList artifacts={others} />}
      {workflow.artifacts.length === 0 && <p className={css.nothing}>Nothing yet.</p>}
      {onMoreArtifacts && <ShowMore hidden="Older files are left out." onMore={onMoreArtifacts} />}
    </section>
  );
}
