export { percent, ProgressBar } from "@callboard/react";
