export { useAgents } from "@callboard/react";
