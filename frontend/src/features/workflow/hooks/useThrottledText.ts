export { useThrottledText } from "@callboard/react";
