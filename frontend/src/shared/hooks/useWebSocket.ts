export { useConnection as useWebSocket } from "@callboard/react";
