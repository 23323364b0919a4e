/** The root of all pages: the layout around them, or the sign-in page while nobody is signed in. */
import { Skeleton } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { Outlet, ScrollRestoration, useNavigate } from "react-router";

import { Layout } from "./Layout";
import { useSession } from "@/shared/hooks/useSession";
import { useConnection } from "@callboard/react";
import { usePipelines } from "@/features/start/hooks/usePipelines";
import { hasOwnPage } from "@/shared/pipelines";
import { NotificationButton } from "@/features/notifications/NotificationButton";

const SignInPage = lazy(async () => ({
  default: (await import("@/features/session/SignInPage")).SignInPage,
}));

const UNKNOWN_USER = {
  username: "",
  can_view_agents: false,
  can_change_agents: false,
  can_view_workflows: false,
  is_staff: false,
};

export function Shell() {
  const { isSignedIn, user, openAdmin, signOut } = useSession();
  const { connection, retryNow, ...status } = useConnection();
  const { pipelines } = usePipelines({ isEnabled: isSignedIn });
  const navigate = useNavigate();
  const [hadToSignIn, setHadToSignIn] = useState(!isSignedIn);
  if (!isSignedIn && !hadToSignIn) setHadToSignIn(true);
  if (!isSignedIn) {
    return (
      <Suspense>
        <SignInPage />
      </Suspense>
    );
  }
  const leave = async () => {
    await signOut();
    await navigate("/");
  };
  return (
    <Layout
      user={user ?? UNKNOWN_USER}
      connection={{ ...status, lastMessageAt: connection.lastMessageAt }}
      isAfterSignIn={hadToSignIn}
      hasMore={pipelines.some(({ name }) => !hasOwnPage(name))}
      onReconnect={retryNow}
      notifications={user && <NotificationButton username={user.username} />}
      onOpenAdmin={() => void openAdmin()}
      onSignOut={() => void leave()}
    >
      <Suspense fallback={<Skeleton height={420} aria-label="Loading the page" />}>
        <Outlet />
      </Suspense>
      <ScrollRestoration />
    </Layout>
  );
}
