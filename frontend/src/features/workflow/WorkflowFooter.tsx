/** What can be done with a workflow beside watching and controlling it. */
import type { WorkflowSnapshot } from "@callboard/client";
import { DeleteWorkflow } from "./DeleteWorkflow";
import { PhoneLink } from "./PhoneLink";
import css from "./WorkflowFooter.module.css";

export function WorkflowFooter({ workflow }: { workflow: WorkflowSnapshot }) {
  return (
    <footer className={css.footer}>
      <PhoneLink path={`/workflows/${workflow.id}`} />
      <DeleteWorkflow workflow={workflow} />
    </footer>
  );
}
