export { useWorkflow } from "@callboard/react";
