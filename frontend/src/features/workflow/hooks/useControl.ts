export { useControl, type Control, type ControlReport } from "@callboard/react";
