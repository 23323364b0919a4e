/** How many connections watch the same workflow; nothing while this page is the only one. */
import { Tooltip, VisuallyHidden } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";

import css from "./WatcherCount.module.css";

/** `count` includes this page; null: unknown. */
export function WatcherCount({ count }: { count: number | null }) {
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
