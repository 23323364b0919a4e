/** Puts together a page of the list, as the server answered it, with what has happened since. Pure. */
import type { WorkflowRow } from "./messages.gen";
import { isOlder, type LiveWorkflows } from "./WorkflowsRoom";
import type { Page, WorkflowFilter } from "./http/types";

export interface LiveRows {
  rows: WorkflowRow[];
  /** The number of workflows on all pages. */
  count: number;
}

/** New workflows are put where they belong on the first page of the newest; on others they come when it is asked for again. */
export function liveRows(
  page: Page,
  live: LiveWorkflows | null,
  filter: WorkflowFilter,
  size: number,
): LiveRows {
  if (live === null) return { rows: page.results, count: page.count };
  const kept = page.results
    .filter(({ id }) => !live.gone.has(id))
    .map((row) => newest(row, live.rows[row.id]))
    .filter((row) => hasState(row, filter));
  const added = takesNewRows(filter) ? newRows(page, live, filter, size) : [];
  const count = page.count - (page.results.length - kept.length) + added.length;
  const rows = [...added, ...kept];
  if (added.length > 0) rows.sort((a, b) => b.created_at.localeCompare(a.created_at));
  return { rows: rows.slice(0, size), count };
}

function newest(row: WorkflowRow, live: WorkflowRow | undefined): WorkflowRow {
  return live && !isOlder(live, row) ? live : row;
}

function takesNewRows({ page = 1, sort = "-created_at" }: WorkflowFilter): boolean {
  return page === 1 && sort === "-created_at";
}

function newRows(page: Page, live: LiveWorkflows, filter: WorkflowFilter, size: number): WorkflowRow[] {
  const known = new Set(page.results.map(({ id }) => id));
  const last = page.results.length < size ? undefined : page.results.at(-1);
  return Object.values(live.rows).filter(
    (row) => !known.has(row.id) && matches(row, filter) && (!last || row.created_at > last.created_at),
  );
}

/** As far as a row tells: by its input a workflow is found by the server alone. */
function matches(row: WorkflowRow, filter: WorkflowFilter): boolean {
  const title = row.title.toLowerCase();
  const words = (filter.search ?? "").toLowerCase().split(/\s+/);
  const isOwners = !filter.owner || row.owner === filter.owner;
  return hasState(row, filter) && isOwners && words.every((word) => title.includes(word));
}

function hasState(row: WorkflowRow, { states }: WorkflowFilter): boolean {
  return !states?.length || states.includes(row.state);
}
