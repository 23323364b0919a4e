import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";

import { ApiError } from "./ApiError";
import { Session } from "./Session";
import { startApiServer } from "@/testing/apiServer";
import { jwt } from "@/testing/tokens";

/** A server, and the cookie that it has left in this browser: whose it is, and of which login. */
class Accounts {
  rotations = 0;
  logouts = 0;
  cookie: { user: string | number; login: string } | null = null;

  /** The access token of a new sign-in. */
  enter(user: string | number, lifeSeconds = 900) {
    this.cookie = { user, login: `login ${(this.rotations += 1)}` };
    return this.access(lifeSeconds);
  }

  rotate() {
    if (!this.cookie) return refused(401);
    this.rotations += 1;
    return HttpResponse.json(this.access());
  }

  access(lifeSeconds = 900) {
    const { user, login } = this.cookie ?? { user: 0, login: "" };
    const claims = {
      user_id: user,
      login,
      jti: String(this.rotations),
      exp: Date.now() / 1000 + lifeSeconds,
    };
    return { access: jwt(claims) };
  }
}

/** Requests that show the cookie: only our own pages can send that header with it. */
const isWithCookie = (request: Request) =>
  request.headers.get("X-Refresh-Cookie") !== null && request.credentials === "same-origin";

function refused(status: number) {
  const error = { type: "InvalidToken", message: "Token is invalid.", retryable: false, fields: {} };
  return HttpResponse.json({ error }, { status });
}

let accounts: Accounts;
const server = startApiServer(
  http.post("/api/auth/token/", async ({ request }) => {
    const { password } = (await request.json()) as { password: string };
    return password === "right" && isWithCookie(request)
      ? HttpResponse.json(accounts.enter(1))
      : refused(401);
  }),
  http.post("/api/auth/token/refresh/", ({ request }) =>
    isWithCookie(request) ? accounts.rotate() : refused(400),
  ),
  http.post("/api/auth/logout/", ({ request }) => {
    if (!isWithCookie(request)) return refused(400);
    accounts.cookie = null;
    accounts.logouts += 1;
    return new HttpResponse(null, { status: 204 });
  }),
);
beforeEach(() => (accounts = new Accounts()));

const KEY = "callboard.signed-in";
const FORMER_KEY = "callboard.refresh";

function openTab(): Session {
  const session = new Session();
  onTestFinished(() => session.close());
  return session;
}

/** A tab in which Alice is signed in, after a reload: only the cookie is left, and the note that there is one. */
function reloadedTab(): Session {
  accounts.enter(1);
  localStorage.setItem(KEY, noteOf(accounts));
  return openTab();
}

/** What a tab notes of a sign-in. */
function noteOf({ cookie }: Accounts): string {
  return JSON.stringify([cookie?.user, cookie?.login]);
}

/** What another tab wrote; jsdom's storage has only one. */
function writeFromOtherTab(note: string | null): void {
  if (note === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, note);
  window.dispatchEvent(new StorageEvent("storage", { key: KEY, newValue: note }));
}

function storedValues(storage: Storage): string[] {
  return Array.from(
    { length: storage.length },
    (_, index) => storage.getItem(storage.key(index) ?? "") ?? "",
  );
}

/** Another tab signs somebody in. */
function enterInOtherTab(user: number): void {
  accounts.enter(user);
  writeFromOtherTab(noteOf(accounts));
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

  it("ends the login on the server", async () => {
    const session = reloadedTab();
    await session.signOut();
    expect(accounts.logouts).toBe(1);
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it("leaves no token where a script could read it", async () => {
    const session = openTab();
    await session.signIn("alice", "right");
    await session.renew();
    const token = await session.token();
    const kept = [...storedValues(localStorage), ...storedValues(sessionStorage), document.cookie].join(" ");
    expect(kept).toContain("login 1");
    expect(kept).not.toContain(token);
    expect(kept).not.toMatch(/eyJ/);
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
    server.use(http.post("/api/auth/token/", () => HttpResponse.json(accounts.enter(1, 4)), { once: true }));
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
    const tokens = { access: "opaque" };
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
    accounts.cookie = null;
    await expect(session.token()).rejects.toBeInstanceOf(ApiError);
    expect(session.subject()).toBeNull();
  });

  it("is had with the refresh token that an earlier version has left, which goes into the cookie", async () => {
    const former = jwt({ user_id: 1, jti: "former" });
    localStorage.setItem(FORMER_KEY, former);
    const session = openTab();
    expect(session.subject()).toBe("1");
    let sent: unknown;
    server.use(
      http.post("/api/auth/token/refresh/", async ({ request }) => {
        sent = isWithCookie(request) && (await request.json());
        return HttpResponse.json(accounts.enter(1));
      }),
    );
    await session.token();
    expect(sent).toEqual({ refresh: former });
    expect(localStorage.getItem(FORMER_KEY)).toBeNull();
    expect(session.subject()).toBe("1");
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

  it("may sign the same person in again without anybody noticing", async () => {
    const session = reloadedTab();
    const listener = vi.fn<() => void>();
    session.subscribe(listener);
    enterInOtherTab(1);
    await session.token();
    expect(listener).not.toHaveBeenCalled();
    expect(localStorage.getItem(KEY)).toBe(noteOf(accounts));
  });

  it("may sign another user in: the access token of this tab is dropped", async () => {
    const session = openTab();
    await session.signIn("alice", "right");
    const alices = await session.token();
    enterInOtherTab(2);
    expect(session.subject()).toBe("2");
    expect(await session.token()).not.toBe(alices);
  });

  it("may sign in during a renewal that is refused: it is tried again with what they got", async () => {
    const session = reloadedTab(); // jsdom has no locks, like a page without TLS
    server.use(
      http.post(
        "/api/auth/token/refresh/",
        () => {
          enterInOtherTab(1);
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
          return HttpResponse.json(accounts.access());
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
        sent = `${request.headers.get("X-CSRFToken")} ${isWithCookie(request)}`;
        return HttpResponse.json(accounts.enter(7));
      }),
    );
    const session = openTab();
    await session.signInAsAdminUser();
    expect(sent).toBe("abc123 true");
    expect(session.subject()).toBe("7");
  });

  it("is opened with the cookie, which stays", async () => {
    const session = openTab();
    await session.signIn("alice", "right");
    let isSent = false;
    server.use(
      http.post("/api/auth/admin/", ({ request }) => {
        isSent = isWithCookie(request);
        return new HttpResponse(null, { status: 204 });
      }),
    );
    await session.openAdmin();
    expect(isSent).toBe(true);
    expect(session.subject()).toBe("1");
  });
});

describe("a page of another origin", () => {
  const SERVER = "https://callboard.example";

  it("keeps the refresh token itself, as no cookie goes there", async () => {
    let shown: unknown;
    const pair = (number: number) => {
      const claims = { user_id: 1, login: "one", jti: String(number) };
      return HttpResponse.json({
        access: jwt({ ...claims, exp: Date.now() / 1000 + 900 }),
        refresh: jwt(claims),
      });
    };
    server.use(
      http.post(`${SERVER}/api/auth/token/`, ({ request }) =>
        isWithCookie(request) ? refused(400) : pair(1),
      ),
      http.post(`${SERVER}/api/auth/token/refresh/`, async ({ request }) => {
        shown = await request.json();
        return isWithCookie(request) ? refused(400) : pair(2);
      }),
    );
    const session = new Session(SERVER);
    onTestFinished(() => session.close());
    await session.signIn("alice", "right");
    await session.renew();
    expect(shown).toEqual({ refresh: jwt({ user_id: 1, login: "one", jti: "1" }) });
    expect(localStorage.getItem(`callboard.refresh ${SERVER}`)).toBe(
      jwt({ user_id: 1, login: "one", jti: "2" }),
    );
    expect(session.subject()).toBe("1");
  });
});
