/** The views of one workflow, one at a time: `?view=` in the address says which. */
import { Suspense, type ComponentType } from "react";
import { Link, useSearchParams } from "react-router";

import { isFilm } from "../results";
import { ActivityView } from "./ActivityView";
import { ShotsView } from "./ShotsView";
import type { ViewProps } from "./viewProps";
import css from "./WorkflowTabs.module.css";

interface View {
  name: string;
  label: string;
  /** Lazy where it is large. */
  Component: ComponentType<ViewProps>;
}

const VIEWS: readonly View[] = [
  { name: "shots", label: "Shots", Component: ShotsView },
  { name: "activity", label: "Activity", Component: ActivityView },
];

export function WorkflowTabs(props: ViewProps) {
  const [parameters] = useSearchParams();
  const views = viewsOf(props);
  const shown = views.find(({ name }) => name === parameters.get("view")) ?? views[0];
  return (
    <>
      <nav className={css.tabs} aria-label="Views of this workflow">
        {views.map((view) => (
          <Link
            key={view.name}
            className={css.tab}
            to={{ search: searchWith(parameters, view.name) }}
            replace
            preventScrollReset
            aria-current={view === shown ? "page" : undefined}
          >
            {view.label}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<p aria-busy="true">Loading…</p>}>
        {shown && <shown.Component {...props} />}
      </Suspense>
    </>
  );
}

/** What is no film has results instead of shots. */
function viewsOf({ workflow }: ViewProps): View[] {
  return VIEWS.map((view) =>
    view.name === "shots" && !isFilm(workflow) ? { ...view, label: "Results" } : view,
  );
}

function searchWith(parameters: URLSearchParams, view: string): string {
  const changed = new URLSearchParams(parameters);
  changed.set("view", view);
  return changed.toString();
}
