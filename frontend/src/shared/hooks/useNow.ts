export { useNow } from "@callboard/react";
