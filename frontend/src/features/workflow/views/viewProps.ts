import type { EventMessage, WorkflowSnapshot } from "@callboard/client";
import type { Storyboard } from "../shots";

/** What every view of a workflow is given. */
export interface ViewProps {
  workflow: WorkflowSnapshot;
  boards: Storyboard[];
  /** The newest events, in order; earlier ones must be fetched over HTTP. */
  events: readonly EventMessage[];
  /** Fetches the artifacts that are not in `workflow`; null: all are. */
  onMoreArtifacts: (() => Promise<void>) | null;
}
