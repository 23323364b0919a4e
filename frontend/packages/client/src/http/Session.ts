/** The sign-in: the access and the refresh token, their renewal, and the agreement with other tabs. */

import { ApiError } from "./ApiError";
import { secondsLeft, subjectOf } from "./claims";
import { csrfToken, request } from "./request";
import type { AdminUser, TokenPair } from "./types";

/**
 * The refresh token is kept in localStorage: it must survive a reload, and be the same in all tabs, because it is
 * rotated at each use. Any script in our page could read it, so the Content-Security-Policy allows only our own; it is
 * revoked at sign-out. The access token never leaves the memory of its tab.
 */
const STORAGE_KEY = "callboard.refresh";
/** How long another tab may take to store a refresh token that it has just received. */
const ROTATION_SECONDS = 2;
/** An access token that expires sooner than this is renewed before use. */
const MIN_LIFETIME_SECONDS = 5;

type Listener = () => void;

export class Session {
  private access: string | null = null;
  private renewal: Promise<string> | null = null;
  private readonly listeners = new Set<Listener>();
  private knownSubject: string | null;
  private readonly url: string;
  /** Of the refresh token in localStorage, and of the lock for its rotation: one for each server. */
  private readonly key: string;

  /** `url`: where the server is; "" for where the page comes from. */
  constructor(url = "") {
    this.url = url;
    this.key = url === "" ? STORAGE_KEY : `${STORAGE_KEY} ${url}`;
    this.knownSubject = subjectOf(this.storedRefresh());
    window.addEventListener("storage", this.onStorage);
  }

  /** Stops listening to other tabs. */
  close(): void {
    window.removeEventListener("storage", this.onStorage);
  }

  /** The user id in the token, as JSON; null when nobody is signed in. */
  readonly subject = (): string | null => this.knownSubject;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Rejects with ApiError (401: wrong name or password). */
  async signIn(username: string, password: string): Promise<void> {
    this.store(
      await request<TokenPair>("POST", `${this.url}/api/auth/token/`, { body: { username, password } }),
    );
  }

  /** Who is signed in to the admin in this browser, and can sign in here without the password; null for nobody. */
  async adminUser(): Promise<string | null> {
    if (csrfToken() === null) return null;
    const found = request<AdminUser>("GET", `${this.url}/api/auth/session/`, { withCookies: true });
    return found.then(({ username }) => username).catch(() => null);
  }

  /** Signs in as `adminUser()`. Rejects with ApiError. */
  async signInAsAdminUser(): Promise<void> {
    this.store(await request<TokenPair>("POST", `${this.url}/api/auth/session/`, { withCookies: true }));
  }

  /** Opens the admin in this browser for who is signed in here; signing out ends that, too. Rejects with ApiError. */
  async openAdmin(): Promise<void> {
    await withLock(this.key, () =>
      request("POST", `${this.url}/api/auth/admin/`, {
        body: { refresh: this.storedRefresh() },
        withCookies: true,
      }),
    );
  }

  /** Signs all tabs out, at once, even if the server cannot be reached. Never rejects. */
  async signOut(): Promise<void> {
    const refresh = this.storedRefresh();
    this.clear();
    if (refresh === null) return;
    await request("POST", `${this.url}/api/auth/logout/`, { body: { refresh }, keepalive: true }).catch(
      () => undefined,
    );
  }

  /** An access token that has not expired. Rejects with ApiError; if `subject()` is null then, only a new sign-in helps. */
  async token(): Promise<string> {
    return this.access !== null && secondsLeft(this.access) > MIN_LIFETIME_SECONDS
      ? this.access
      : this.renew();
  }

  /** A new access token. Concurrent calls share one request. Rejects like `token`. */
  renew(): Promise<string> {
    this.renewal ??= withLock(this.key, () => this.rotate()).finally(() => (this.renewal = null));
    return this.renewal;
  }

  private async rotate(): Promise<string> {
    const refresh = this.storedRefresh();
    if (refresh === null) throw this.signedOut();
    try {
      const tokens = await request<TokenPair>("POST", `${this.url}/api/auth/token/refresh/`, {
        body: { refresh },
      });
      if (this.storedRefresh() !== refresh) throw ApiError.signedOut(); // signed out, or in, meanwhile
      this.store(tokens);
      return tokens.access;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Without locks another tab may have rotated the token just now: wait for the new one that it stores.
      if (await this.isReplaced(refresh)) return this.rotate();
      throw this.signedOut();
    }
  }

  private async isReplaced(refresh: string): Promise<boolean> {
    for (let tries = 0; tries < ROTATION_SECONDS * 10; tries += 1) {
      const storedRefresh = this.storedRefresh();
      if (storedRefresh !== refresh) return storedRefresh !== null;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  }

  private signedOut(): ApiError {
    this.clear();
    return ApiError.signedOut();
  }

  private storedRefresh(): string | null {
    return localStorage.getItem(this.key);
  }

  private store(tokens: TokenPair): void {
    this.access = tokens.access;
    localStorage.setItem(this.key, tokens.refresh);
    this.notify();
  }

  private clear(): void {
    this.access = null;
    localStorage.removeItem(this.key);
    this.notify();
  }

  /** Another tab rotated the token, which changes nothing here, or signed out, or in as another user. */
  private readonly onStorage = (event: StorageEvent): void => {
    if (event.key !== this.key && event.key !== null) return;
    if (subjectOf(this.storedRefresh()) !== this.knownSubject) this.access = null;
    this.notify();
  };

  private notify(): void {
    const subject = subjectOf(this.storedRefresh());
    if (subject === this.knownSubject) return;
    this.knownSubject = subject;
    this.listeners.forEach((listener) => listener());
  }
}

/** Runs `work` in one tab at a time. Pages that are not served over TLS have no locks: there, `rotate` waits for the other tab. */
function withLock<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return "locks" in navigator ? navigator.locks.request(name, work) : work();
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && [400, 401, 403].includes(error.status) && error.type !== "SignedOut";
}
