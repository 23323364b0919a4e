/** The menu of the signed-in user: name, account, Django admin for staff, sign-out. */
import { ActionIcon, Menu } from "@mantine/core";
import { IconDevices, IconLogout, IconSettings, IconUser } from "@tabler/icons-react";
import { Link } from "react-router";

import type { User } from "@callboard/client";

interface Props {
  user: User;
  onOpenAdmin: () => void;
  onSignOut: () => void;
}

export function AccountMenu({ user, onOpenAdmin, onSignOut }: Props) {
  return (
    <Menu position="bottom-end" width={210} shadow="lg">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" radius="xl" aria-label={`Account of ${user.username}`}>
          <IconUser size={18} stroke={1.8} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Signed in as {user.username}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconDevices size={16} aria-hidden />}>
          Account and sign-ins
        </Menu.Item>
        {user.is_staff && (
          <Menu.Item leftSection={<IconSettings size={16} aria-hidden />} onClick={onOpenAdmin}>
            Administration
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={onSignOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
