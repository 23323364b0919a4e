/** How many watch the same workflow: a quiet word, and none at all while it is only this page. */
import { Tooltip, VisuallyHidden } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";

import css from "./Watching.module.css";

/** `count` of open connections, this one among them; null: not known at this moment. */
export function Watching({ count }: { count: number | null }) {
  if (count === null || count < 2) return null;
  return (
    <Tooltip position="left" label={`Open ${count} times at this moment, this page included`}>
      <span className={css.watching}>
        <IconEye size={16} stroke={1.8} aria-hidden />
        {count} watching
        <VisuallyHidden> this workflow at this moment, this page included</VisuallyHidden>
      </span>
    </Tooltip>
  );
}
