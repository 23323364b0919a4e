/** Switches notifications on and off. The browser is asked for its permission by this button alone. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBell, IconBellOff, IconBellRinging } from "@tabler/icons-react";

import { useNotifications } from "./useNotifications";

const SHOWN = {
  on: { label: "Notifications are on: when a film of yours ends, or needs you", Icon: IconBellRinging },
  off: { label: "Notify me when a film of mine ends, or needs me", Icon: IconBell },
  denied: {
    label: "This browser refuses notifications; its settings for this page change that",
    Icon: IconBellOff,
  },
} as const;

export function NotificationButton({ username }: { username: string }) {
  const { state, toggle } = useNotifications(username);
  if (state === null) return null;
  const { label, Icon } = SHOWN[state];
  return (
    <Tooltip label={label} multiline w={240}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        aria-pressed={state === "on"}
        disabled={state === "denied"}
        onClick={toggle}
      >
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
