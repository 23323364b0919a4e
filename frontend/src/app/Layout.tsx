/** The header around every page: navigation, state of the connection, account. */
import { IconBulb, IconFileText, IconMovie, IconUsersGroup } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, NavLink } from "react-router";

import { AccountMenu } from "@/features/session/AccountMenu";
import type { User } from "@/shared/api/types";
import { ColorSchemeSwitch } from "@/shared/components/ColorSchemeSwitch";
import { ConnectionIndicator, StaleBanner } from "./ConnectionIndicator";
import type { ConnectionView } from "./ConnectionIndicator";
import css from "./Layout.module.css";
import { Logo } from "@/shared/components/Logo";

interface Props {
  user: User;
  connection: ConnectionView;
  onReconnect?: (() => void) | undefined;
  onOpenAdmin: () => void;
  onSignOut: () => void;
  children: ReactNode;
}

const NAVIGATION = [
  { to: "/idea2video", label: "Idea2Video", Icon: IconBulb, isForOperators: false },
  { to: "/script2video", label: "Script2Video", Icon: IconFileText, isForOperators: false },
  { to: "/workflows", label: "Workflows", Icon: IconMovie, isForOperators: false },
  { to: "/agents", label: "Agents", Icon: IconUsersGroup, isForOperators: true },
];

export function Layout({ user, connection, onReconnect, onOpenAdmin, onSignOut, children }: Props) {
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
            {NAVIGATION.filter((entry) => user.can_view_agents || !entry.isForOperators).map(
              ({ to, label, Icon }) => (
                <NavLink key={to} to={to}>
                  <Icon size={19} stroke={1.7} aria-hidden />
                  {label}
                </NavLink>
              ),
            )}
          </nav>
          <div className={css.right}>
            <ConnectionIndicator connection={connection} />
            <ColorSchemeSwitch />
            <AccountMenu user={user} onOpenAdmin={onOpenAdmin} onSignOut={onSignOut} />
          </div>
        </div>
        <StaleBanner connection={connection} onRetry={onReconnect} />
      </header>
      <main id="main" className={css.main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
