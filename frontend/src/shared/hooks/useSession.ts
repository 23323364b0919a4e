import { useQuery } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

import type { ApiError, User } from "@callboard/client";
import { useServices } from "../services";

export interface SessionState {
  /** Known without a request, also after a reload. */
  isSignedIn: boolean;
  /** Null until the server has answered, and when nobody is signed in. */
  user: User | null;
  /** Why `user` could not be fetched. */
  error: ApiError | null;
  /** Rejects with ApiError: wrong name or password, or the server cannot be reached. */
  signIn: (username: string, password: string) => Promise<void>;
  /** Signs in as who is signed in to the admin in this browser. Rejects with ApiError. */
  signInAsAdminUser: () => Promise<void>;
  /** Opens Django's admin for the user, who must be staff; where that fails, its own sign-in page appears. Never rejects. */
  openAdmin: () => Promise<void>;
  /** Signs out in all tabs. */
  signOut: () => Promise<void>;
}

/** The signed-in user, the same in all tabs. */
export function useSession(): SessionState {
  const { session, api } = useServices();
  const subject = useSyncExternalStore(session.subscribe, session.subject);
  const { data, error } = useQuery<User, ApiError>({
    queryKey: ["me", subject],
    queryFn: ({ signal }) => api.me(signal),
    enabled: subject !== null,
    staleTime: 60_000,
  });
  const signIn = useCallback((name: string, password: string) => session.signIn(name, password), [session]);
  const signInAsAdminUser = useCallback(() => session.signInAsAdminUser(), [session]);
  const openAdmin = useCallback(async () => {
    await session.openAdmin().catch(() => undefined);
    window.location.assign("/admin/");
  }, [session]);
  const signOut = useCallback(() => session.signOut(), [session]);
  const isSignedIn = subject !== null;
  const user = isSignedIn ? (data ?? null) : null;
  return { isSignedIn, user, error, signIn, signInAsAdminUser, openAdmin, signOut };
}
