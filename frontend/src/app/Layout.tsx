/** The frame around every page: where to go, whether it is live, who you are. */
import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import {
  IconBulb,
  IconFileText,
  IconLogout,
  IconMoon,
  IconMovie,
  IconSettings,
  IconSun,
  IconUser,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, NavLink } from "react-router";

import { ConnectionIndicator, StaleBanner } from "./ConnectionIndicator";
import type { LinkView } from "./ConnectionIndicator";
import css from "./Layout.module.css";
import { Logo } from "@/shared/components/Logo";

interface Person {
  username: string;
  can_view_agents: boolean;
  is_staff: boolean;
}

interface Props {
  user: Person;
  link: LinkView;
  onRetryLink?: (() => void) | undefined;
  onSignOut: () => void;
  children: ReactNode;
}

const PLACES = [
  { to: "/idea2video", label: "Idea2Video", Icon: IconBulb, isForOperators: false },
  { to: "/script2video", label: "Script2Video", Icon: IconFileText, isForOperators: false },
  { to: "/workflows", label: "Workflows", Icon: IconMovie, isForOperators: false },
  { to: "/agents", label: "Agents", Icon: IconUsersGroup, isForOperators: true },
];

export function Layout({ user, link, onRetryLink, onSignOut, children }: Props) {
  return (
    <>
      <a className={css.skip} href="#main">
        Skip to the content
      </a>
      <header className={css.header}>
        <div className={css.bar}>
          <Link to="/workflows" className={css.brand} aria-label="Callboard">
            <Logo />
            <span>Callboard</span>
          </Link>
          <nav className={css.nav} aria-label="Main">
            {PLACES.filter((place) => user.can_view_agents || !place.isForOperators).map(
              ({ to, label, Icon }) => (
                <NavLink key={to} to={to}>
                  <Icon size={19} stroke={1.7} aria-hidden />
                  {label}
                </NavLink>
              ),
            )}
          </nav>
          <div className={css.right}>
            <ConnectionIndicator link={link} />
            <SchemeSwitch />
            <PersonMenu user={user} onSignOut={onSignOut} />
          </div>
        </div>
        <StaleBanner link={link} onRetry={onRetryLink} />
      </header>
      <main id="main" className={css.main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

export function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("dark", { getInitialValueInEffect: false });
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <Tooltip label={`Switch to the ${other} theme`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Switch to the ${other} theme`}
        onClick={() => setColorScheme(other)}
      >
        {scheme === "dark" ? <IconSun size={19} stroke={1.7} /> : <IconMoon size={19} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}

function PersonMenu({ user, onSignOut }: { user: Person; onSignOut: () => void }) {
  return (
    <Menu position="bottom-end" width={210} shadow="lg">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" radius="xl" aria-label={`Account of ${user.username}`}>
          <IconUser size={18} stroke={1.8} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Signed in as {user.username}</Menu.Label>
        {user.is_staff && (
          <Menu.Item component="a" href="/admin/" leftSection={<IconSettings size={16} aria-hidden />}>
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
