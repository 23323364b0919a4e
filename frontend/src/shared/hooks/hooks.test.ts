import { act, renderHook, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { useConnection } from "@callboard/react";

import { startApiServer } from "@/testing/apiServer";
import { renderLive } from "@/testing/renderLive";
import { jwt } from "@/testing/tokens";
import { useSession } from "./useSession";

const api = startApiServer();

describe("useConnection", () => {
  it("shows the state of the connection", async () => {
    const { result, server } = renderLive(useConnection);
    expect(result.current.state).toBe("connecting");
    await waitFor(() => expect(result.current.state).toBe("live"));
    act(() => server.close(1006));
    expect(result.current).toMatchObject({ state: "reconnecting", retryAt: expect.any(Number) });
    act(() => result.current.retryNow());
    await waitFor(() => expect(result.current.state).toBe("live"));
    expect(result.current.connection.lastMessageAt).toEqual(expect.any(Number));
  });
});

describe("useSession", () => {
  it("knows who is signed in, and lets them out and in again", async () => {
    const alice = { username: "alice", can_view_agents: false, is_staff: false };
    api.use(
      http.get("/api/auth/me/", () => HttpResponse.json(alice)),
      http.post("/api/auth/logout/", () => new HttpResponse(null, { status: 204 })),
      http.post("/api/auth/token/", () =>
        HttpResponse.json({ access: jwt({}), refresh: jwt({ user_id: 2 }) }),
      ),
    );
    const { result } = renderLive(useSession);
    expect(result.current).toMatchObject({ isSignedIn: true, user: null });
    await waitFor(() => expect(result.current.user).toEqual(alice));
    await act(() => result.current.signOut());
    expect(result.current).toMatchObject({ isSignedIn: false, user: null });
    await act(() => result.current.signIn("bob", "right"));
    expect(result.current.isSignedIn).toBe(true);
    await waitFor(() => expect(result.current.user).not.toBeNull());
  });
});

it("needs the services of its provider", () => {
  expect(() => renderHook(() => useConnection())).toThrow("Outside of <CallboardProvider>.");
});
