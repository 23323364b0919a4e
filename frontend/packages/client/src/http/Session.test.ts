import { http, HttpResponse, delay } from "msw";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";

import { ApiError } from "./ApiError";
import { Session } from "./Session";
import { startApiServer } from "@/testing/apiServer";
import { jwt } from "@/testing/tokens";

/** Signs people in, rotates refresh tokens, and takes each only once. */
class Accounts {
  rotations = 0;
  logouts: string[] = [];
  private valid = new Set<string>();

  issue(user_id: string | number, lifeSeconds = 900) {
    const number = String((this.rotations += 1));
    const refresh = jwt({ user_id, jti: number });
    this.valid.add(refresh);
    return { access: jwt({ user_id, jti: number, exp: Date.now() / 1000 + lifeSeconds }), refresh };
  }

  rotate(refresh: string) {
    return this.valid.delete(refresh) ? HttpResponse.json(this.issue(1)) : refused(401);
  }

  revoke(refresh: string): void {
    this.valid.delete(refresh);
    this.logouts.push(refresh);
  }
}

function refused(status: number) {
  const error = { type: "InvalidToken", message: "Token is invalid.", retryable: false, fields: {} };
  return HttpResponse.json({ error }, { status });
}

let accounts: Accounts;
const server = startApiServer(
  http.post("/api/auth/token/", async ({ request }) => {
    const { password } = (await request.json()) as { password: string };
    return password === "right" ? HttpResponse.json(accounts.issue(1)) : refused(401);
  }),
  http.post("/api/auth/token/refresh/", async ({ request }) => {
    const { refresh } = (await request.json()) as { refresh: string };
    return accounts.rotate(refresh);
  }),
  http.post("/api/auth/logout/", async ({ request }) => {
    accounts.revoke(((await request.json()) as { refresh: string }).refresh);
    return new HttpResponse(null, { status: 204 });
  }),
);
beforeEach(() => (accounts = new Accounts()));

const KEY = "callboard.refresh";

function openTab(): Session {
  const session = new Session();
  onTestFinished(() => session.close());
  return session;
}

/** A tab in which Alice is signed in, after a reload: only the refresh token is left. */
function reloadedTab(): Session {
  localStorage.setItem(KEY, accounts.issue(1).refresh);
  return openTab();
}

/** What another tab wrote; jsdom's storage has only one. */
function writeFromOtherTab(refresh: string | null): void {
  if (refresh === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, refresh);
  window.dispatchEvent(new StorageEvent("storage", { key: KEY, newValue: refresh }));
}

describe("signing in and out", () => {
  it("notifies its listeners until they unsubscribe", async () => {
    const session = openTab();
    const listener = vi.fn<() => void>();
    const stop = session.subscribe(listener);
    expect(session.subject()).toBeNull();
    await session.signIn("alice", "right");
    expect(session.subject()).toBe("1");
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    await session.signOut();
    expect(session.subject()).toBeNull();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("fails with a wrong password, and changes nothing", async () => {
    const session = openTab();
    await expect(session.signIn("alice", "wrong")).rejects.toMatchObject({
      status: 401,
      type: "InvalidToken",
    });
    expect(session.subject()).toBeNull();
  });

  it("revokes the refresh token on the server", async () => {
    const session = reloadedTab();
    const refresh = localStorage.getItem(KEY);
    await session.signOut();
    expect(accounts.logouts).toEqual([refresh]);
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it("signs out even when the server cannot be reached, or nobody was signed in", async () => {
    server.use(http.post("/api/auth/logout/", () => HttpResponse.error()));
    const session = reloadedTab();
    await session.signOut();
    await session.signOut();
    expect(session.subject()).toBeNull();
  });
});

describe("the access token", () => {
  it("is used for as long as it lives", async () => {
    const session = openTab();
    await session.signIn("alice", "right");
    expect(await session.token()).toBe(await session.token());
    expect(accounts.rotations).toBe(1);
  });

  it("is renewed shortly before it ends", async () => {
    const session = openTab();
    server.use(http.post("/api/auth/token/", () => HttpResponse.json(accounts.issue(1, 4)), { once: true }));
    await session.signIn("alice", "right");
    await session.token();
    expect(accounts.rotations).toBe(2);
  });

  it("is fetched after a reload, once for all who ask meanwhile", async () => {
    const session = reloadedTab();
    const tokens = await Promise.all([session.token(), session.token(), session.renew()]);
    expect(new Set(tokens).size).toBe(1);
    expect(accounts.rotations).toBe(2);
  });

  it("is rejected when nobody is signed in", async () => {
    await expect(openTab().token()).rejects.toMatchObject({ type: "SignedOut" });
  });

  it("counts as living when it does not say when it ends", async () => {
    const session = openTab();
    const tokens = { access: "opaque", refresh: "opaque" };
    server.use(http.post("/api/auth/token/", () => HttpResponse.json(tokens), { once: true }));
    await session.signIn("alice", "right");
    expect(await session.token()).toBe("opaque");
    expect(session.subject()).not.toBeNull();
  });

  it("keeps who is signed in when the server cannot be reached", async () => {
    server.use(http.post("/api/auth/token/refresh/", () => HttpResponse.error(), { once: true }));
    const session = reloadedTab();
    await expect(session.token()).rejects.toMatchObject({ type: "Unreachable", retryable: true });
    expect(session.subject()).toBe("1");
    expect(await session.token()).toEqual(expect.any(String));
  });

  it("signs out when the refresh token is refused", async () => {
    const session = reloadedTab();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    server.use(http.post("/api/auth/token/refresh/", () => refused(401)));
    const outcome = session.token().catch((error: unknown) => error);
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(1000);
      expect(session.subject()).toBeNull();
    });
    expect(await outcome).toBeInstanceOf(ApiError);
  });
});

describe("other tabs", () => {
  it("sign this one out", () => {
    const session = reloadedTab();
    const listener = vi.fn<() => void>();
    session.subscribe(listener);
    writeFromOtherTab(null);
    expect(session.subject()).toBeNull();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("may rotate the token without anybody noticing; the next renewal takes the new one", async () => {
    const session = reloadedTab();
    const listener = vi.fn<() => void>();
    session.subscribe(listener);
    const { refresh } = accounts.issue(1);
    writeFromOtherTab(refresh);
    await session.token();
    expect(listener).not.toHaveBeenCalled();
    expect(localStorage.getItem(KEY)).not.toBe(refresh);
  });

  it("may sign another user in: the access token of this tab is dropped", async () => {
    const session = openTab();
    await session.signIn("alice", "right");
    const alices = await session.token();
    writeFromOtherTab(accounts.issue(2).refresh);
    expect(session.subject()).toBe("2");
    expect(await session.token()).not.toBe(alices);
  });

  it("may use the token at the same moment: the one that comes second waits for its successor", async () => {
    const session = reloadedTab(); // jsdom has no locks, like a page without TLS
    server.use(
      http.post(
        "/api/auth/token/refresh/",
        async () => {
          setTimeout(() => writeFromOtherTab(accounts.issue(1).refresh), 150);
          await delay(1);
          return refused(401);
        },
        { once: true },
      ),
    );
    expect(await session.token()).toEqual(expect.any(String));
    expect(session.subject()).toBe("1");
  });

  it("may sign out during a renewal, which does not bring anybody back", async () => {
    const session = reloadedTab();
    server.use(
      http.post(
        "/api/auth/token/refresh/",
        () => {
          writeFromOtherTab(null);
          return HttpResponse.json(accounts.issue(1));
        },
        { once: true },
      ),
    );
    await expect(session.token()).rejects.toMatchObject({ type: "SignedOut" });
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it("renew one after the other where the browser has locks", async () => {
    const session = reloadedTab();
    const request = vi.fn<(name: string, work: () => Promise<string>) => Promise<string>>((_name, work) =>
      work(),
    );
    Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(navigator, "locks"));
    await session.renew();
    expect(request).toHaveBeenCalledTimes(1);
  });

  it("write other things, too", () => {
    const session = reloadedTab();
    const listener = vi.fn<() => void>();
    session.subscribe(listener);
    localStorage.removeItem(KEY);
    window.dispatchEvent(new StorageEvent("storage", { key: "mantine-color-scheme" }));
    expect(listener).not.toHaveBeenCalled();
  });
});

describe("the session of the admin", () => {
  const leaveCsrfCookie = () => {
    document.cookie = "csrftoken=abc123; path=/";
    onTestFinished(() => {
      document.cookie = "csrftoken=; path=/; max-age=0";
    });
  };

  it("is not asked for where nobody has been to the admin", async () => {
    expect(await openTab().adminUser()).toBeNull(); // a request would be an error
  });

  it("says who could go on without the password", async () => {
    leaveCsrfCookie();
    server.use(http.get("/api/auth/session/", () => HttpResponse.json({ username: "ada" })));
    expect(await openTab().adminUser()).toBe("ada");
    server.use(http.get("/api/auth/session/", () => refused(401)));
    expect(await openTab().adminUser()).toBeNull();
  });

  it("signs in with the CSRF token", async () => {
    leaveCsrfCookie();
    let sent: string | null = null;
    server.use(
      http.post("/api/auth/session/", ({ request }) => {
        sent = `${request.headers.get("X-CSRFToken")} ${request.credentials}`;
        return HttpResponse.json(accounts.issue(7));
      }),
    );
    const session = openTab();
    await session.signInAsAdminUser();
    expect(sent).toBe("abc123 same-origin");
    expect(session.subject()).toBe("7");
  });

  it("is opened with the refresh token, which stays", async () => {
    const session = openTab();
    await session.signIn("alice", "right");
    const stored = localStorage.getItem(KEY);
    let sent: unknown;
    server.use(
      http.post("/api/auth/admin/", async ({ request }) => {
        sent = { ...((await request.json()) as object), credentials: request.credentials };
        return new HttpResponse(null, { status: 204 });
      }),
    );
    await session.openAdmin();
    expect(sent).toEqual({ refresh: stored, credentials: "same-origin" });
    expect(localStorage.getItem(KEY)).toBe(stored);
  });
});
