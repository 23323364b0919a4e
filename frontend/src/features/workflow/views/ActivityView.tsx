/** What happened, newest first, and what the workflow is made from. */
import { capitalize, humanize, itemNames, type WorkflowSnapshot } from "@callboard/client";
import { ActivityLog } from "../components/ActivityLog";
import type { ViewProps } from "./viewProps";
import css from "./ActivityView.module.css";

export function ActivityView({ workflow, events }: ViewProps) {
  return (
    <div className={css.columns}>
      <ActivityLog events={events} names={itemNames(workflow)} />
      <Source workflow={workflow} />
    </div>
  );
}

function Source({ workflow: { input } }: { workflow: WorkflowSnapshot }) {
  const text = input["idea"] ?? input["script"];
  if (typeof text !== "string") return <Wishes input={input} />;
  const wishes = ["style", "requirement"].flatMap((name) => {
    const wish = input[name];
    return typeof wish === "string" && wish ? [{ name, wish }] : [];
  });
  return (
    <details className={`${css.source} ${"script" in input ? css.script : ""}`}>
      <summary>{"script" in input ? "The screenplay it is made from" : "The idea it is made from"}</summary>
      <p>{text}</p>
      {wishes.length > 0 && (
        <dl className={css.facts} style={{ marginTop: 12 }}>
          {wishes.map(({ name, wish }) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name === "style" ? "Style" : "Requirement"}</dt>
              <dd>{wish}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}

/** An input that is not one text: field by field. */
function Wishes({ input }: Pick<WorkflowSnapshot, "input">) {
  const fields = Object.entries(input);
  if (!fields.length) return null;
  return (
    <details className={css.source} open>
      <summary>What it is made from</summary>
      <dl className={css.facts} style={{ marginTop: 12 }}>
        {fields.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{capitalize(humanize(name))}</dt>
            <dd>{wordsOf(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function wordsOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.map(wordsOf).join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
