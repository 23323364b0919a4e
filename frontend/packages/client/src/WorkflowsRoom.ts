import type { SubscribedToWorkflows, WorkflowPage, WorkflowRow } from "./messages.gen";
import type { SingleMessage } from "./parseFrame";
import { Room } from "./Room";

/** What is known of the list beyond the pages that were asked for. */
export interface LiveWorkflows {
  /** The newest row of each workflow that has changed or come since, and those of the first page. */
  readonly rows: Readonly<Record<string, WorkflowRow>>;
  /** The workflows that were deleted meanwhile. */
  readonly gone: ReadonlySet<string>;
  /** How many first pages have come: with each one after the first, rows of other pages may have changed unheard. */
  readonly pages: number;
}

/** Then the rows that have not changed for longest are forgotten: a page that is asked for has them. */
const ROWS_KEPT = 1000;

/** The list of the workflows that the user may see: the newest row of each counts. */
export class WorkflowsRoom extends Room<LiveWorkflows> {
  override receive(message: SingleMessage): void {
    if (message.type === "workflow_listed") this.list(message.workflow);
    if (message.type === "workflow_unlisted") this.unlist(message.workflow_id);
    if (message.type === "subscribed" && message.target === "workflows") this.onSubscribed(message);
  }

  /** A new first page. */
  replace(page: Pick<WorkflowPage, "results">): void {
    const rows = Object.fromEntries(page.results.map((row) => [row.id, row]));
    this.update({ rows, gone: NONE, pages: (this.view.value?.pages ?? 0) + 1 });
  }

  private onSubscribed({ snapshot }: SubscribedToWorkflows): void {
    this.replace(snapshot);
  }

  private list(row: WorkflowRow): void {
    const { value } = this.view;
    if (!value) return;
    const { [row.id]: known, ...others } = value.rows;
    if (known && isOlder(row, known)) return;
    this.update({ ...value, rows: { ...newest(others), [row.id]: row } });
  }

  private unlist(id: string): void {
    const { value } = this.view;
    if (!value) return;
    const { [id]: _, ...rows } = value.rows;
    this.update({ ...value, rows, gone: new Set([...value.gone, id]) });
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Whether `row` says less than `known`. */
export function isOlder(row: WorkflowRow, known: WorkflowRow): boolean {
  return row.seq < known.seq || (row.seq === known.seq && row.progress < known.progress);
}

function newest(rows: Record<string, WorkflowRow>): Record<string, WorkflowRow> {
  const entries = Object.entries(rows);
  return entries.length < ROWS_KEPT ? rows : Object.fromEntries(entries.slice(1 - ROWS_KEPT));
}
