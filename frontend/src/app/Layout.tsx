/** The header around every page: navigation, state of the connection, account. */
import {
  IconActivityHeartbeat,
  IconApps,
  IconBook,
  IconBulb,
  IconFileText,
  IconMovie,
  IconUsersGroup,
} from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useRef } from "react";
import { Link, NavLink } from "react-router";

import type { User } from "@callboard/client";
import { ColorSchemeSwitch } from "@/shared/components/ColorSchemeSwitch";
import { ConnectionIndicator, StaleBanner } from "./ConnectionIndicator";
import type { ConnectionView } from "./ConnectionIndicator";
import css from "./Layout.module.css";
import { Logo } from "@/shared/components/Logo";
import { useFocusHeading } from "./useFocusHeading";

const AccountMenu = lazy(async () => ({
  default: (await import("@/features/session/AccountMenu")).AccountMenu,
}));

interface Props {
  user: User;
  connection: ConnectionView;
  /** There are pipelines beyond those with a page of their own. */
  hasMore?: boolean;
  /** The sign-in page was here before. */
  isAfterSignIn?: boolean;
  onReconnect?: (() => void) | undefined;
  /** The switch for notifications. */
  notifications?: ReactNode;
  onOpenAdmin: () => void;
  onSignOut: () => void;
  children: ReactNode;
}

const IDEA2VIDEO = { to: "/idea2video", label: "Idea2Video", Icon: IconBulb };
const SCRIPT2VIDEO = { to: "/script2video", label: "Script2Video", Icon: IconFileText };
const NOVEL2VIDEO = { to: "/novel2video", label: "Novel2Video", Icon: IconBook };
const MORE = { to: "/start", label: "More", Icon: IconApps };
const WORKFLOWS = { to: "/workflows", label: "Workflows", Icon: IconMovie };
const AGENTS = { to: "/agents", label: "Agents", Icon: IconUsersGroup };
const OPERATIONS = { to: "/operations", label: "Operations", Icon: IconActivityHeartbeat };

export function Layout({
  user,
  connection,
  hasMore = false,
  isAfterSignIn = false,
  onReconnect,
  notifications,
  onOpenAdmin,
  onSignOut,
  children,
}: Props) {
  const navigation = [IDEA2VIDEO, SCRIPT2VIDEO, NOVEL2VIDEO, ...(hasMore ? [MORE] : []), WORKFLOWS];
  const main = useRef<HTMLElement>(null);
  useFocusHeading(main, isAfterSignIn);
  if (user.can_view_agents) navigation.push(AGENTS, OPERATIONS);
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
            {navigation.map(({ to, label, Icon }) => (
              <NavLink key={to} to={to}>
                <Icon size={19} stroke={1.7} aria-hidden />
                {label}
              </NavLink>
            ))}
          </nav>
          <div className={css.right}>
            <ConnectionIndicator connection={connection} />
            {notifications}
            <ColorSchemeSwitch />
            <Suspense fallback={<span className={css.account} />}>
              <AccountMenu user={user} onOpenAdmin={onOpenAdmin} onSignOut={onSignOut} />
            </Suspense>
          </div>
        </div>
        <StaleBanner connection={connection} onRetry={onReconnect} />
      </header>
      <main id="main" ref={main} className={css.main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
