/** What is worth a notification: that a film has ended, or needs a person. Pure. */
import type { WorkflowRow } from "@callboard/client";

export interface News {
  workflowId: string;
  title: string;
  text: string;
}

type Rows = Readonly<Record<string, WorkflowRow>>;

/** What is new in `after`, of the workflows of `owner` that were known before. */
export function newsOf(before: Rows, after: Rows, owner: string): News[] {
  return Object.values(after).flatMap((row) => {
    const known = before[row.id];
    if (!known || known === row || row.owner !== owner) return [];
    const text = textOf(known, row);
    return text ? [{ workflowId: row.id, title: row.title, text }] : [];
  });
}

function textOf(before: WorkflowRow, after: WorkflowRow): string {
  if (after.is_asking && !before.is_asking)
    return "An agent has asked you something, and waits for your answer.";
  if (after.state === before.state) return "";
  if (after.state === "completed") return "The film is ready.";
  if (after.state === "failed") return `It has failed. ${after.message}`.trim();
  return "";
}
