/** The sign-in: the access token, its renewal by the refresh token, and the agreement with other tabs. */

import { ApiError } from "./ApiError";
import { secondsLeft } from "./claims";
import { TokenInCookie, TokenInStorage, type RefreshTokens } from "./refreshTokens";
import { csrfToken, request } from "./request";
import type { AdminUser, TokenPair } from "./types";

/** An access token that expires sooner than this is renewed before use. */
const MIN_LIFETIME_SECONDS = 5;

type Listener = () => void;

export class Session {
  /** Never leaves the memory of its tab. */
  private access: string | null = null;
  private renewal: Promise<string> | null = null;
  private readonly listeners = new Set<Listener>();
  private knownSubject: string | null;
  private readonly url: string;
  private readonly refresh: RefreshTokens;

  /** `url`: where the server is; "" for where the page comes from. */
  constructor(url = "") {
    this.url = url;
    this.refresh = isOwnServer(url) ? new TokenInCookie() : new TokenInStorage(url);
    this.knownSubject = this.refresh.subject();
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
    await this.enter("/api/auth/token/", { username, password });
  }

  /** Who is signed in to the admin in this browser, and can sign in here without the password; null for nobody. */
  async adminUser(): Promise<string | null> {
    if (csrfToken() === null) return null;
    const found = request<AdminUser>("GET", `${this.url}/api/auth/session/`, { withCookies: true });
    return found.then(({ username }) => username).catch(() => null);
  }

  /** Signs in as `adminUser()`. Rejects with ApiError. */
  async signInAsAdminUser(): Promise<void> {
    await this.enter("/api/auth/session/");
  }

  /** Opens the admin in this browser for who is signed in here; signing out ends that, too. Rejects with ApiError. */
  async openAdmin(): Promise<void> {
    await this.inTurn(() =>
      request("POST", `${this.url}/api/auth/admin/`, { ...this.refresh.shown(), withCookies: true }),
    );
  }

  /** Signs all tabs out, at once, even if the server cannot be reached. Never rejects. */
  async signOut(): Promise<void> {
    const wasSignedIn = this.refresh.login() !== null;
    const shown = this.refresh.shown();
    this.clear();
    if (!wasSignedIn) return;
    await request("POST", `${this.url}/api/auth/logout/`, { ...shown, keepalive: true }).catch(
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
    this.renewal ??= this.inTurn(() => this.rotate()).finally(() => (this.renewal = null));
    return this.renewal;
  }

  private async enter(path: string, body?: unknown): Promise<void> {
    const { inCookie, withCookies } = this.refresh.shown();
    const options = { ...(inCookie && { inCookie }), ...(withCookies && { withCookies }) };
    const sent = { ...options, ...(body !== undefined && { body }) };
    this.store(await this.inTurn(() => request<TokenPair>("POST", this.url + path, sent)));
  }

  /** Where tabs cannot take turns, several may use the same token at once: the server gives each the same successor. */
  private async rotate(): Promise<string> {
    const login = this.refresh.login();
    if (login === null) throw this.signedOut();
    try {
      const shown = this.refresh.shown();
      const tokens = await request<TokenPair>("POST", `${this.url}/api/auth/token/refresh/`, shown);
      if (this.refresh.login() !== login) throw ApiError.signedOut(); // signed out, or in, meanwhile
      this.store(tokens);
      return tokens.access;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const other = this.refresh.login();
      if (other !== null && other !== login) return this.rotate(); // another tab has signed in meanwhile
      throw this.signedOut();
    }
  }

  /** Runs `work` in one tab at a time. Pages that are not served over TLS have no locks. */
  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return "locks" in navigator ? navigator.locks.request(this.refresh.key, work) : work();
  }

  private signedOut(): ApiError {
    this.clear();
    return ApiError.signedOut();
  }

  private store(tokens: TokenPair): void {
    this.access = tokens.access;
    this.refresh.keep(tokens);
    this.notify();
  }

  private clear(): void {
    this.access = null;
    this.refresh.clear();
    this.notify();
  }

  /** Another tab rotated the token, which changes nothing here, or signed out, or in as another user. */
  private readonly onStorage = (event: StorageEvent): void => {
    if (event.key !== this.refresh.key && event.key !== null) return;
    if (this.refresh.subject() !== this.knownSubject) this.access = null;
    this.notify();
  };

  private notify(): void {
    const subject = this.refresh.subject();
    if (subject === this.knownSubject) return;
    this.knownSubject = subject;
    this.listeners.forEach((listener) => listener());
  }
}

function isOwnServer(url: string): boolean {
  return url === "" || new URL(url, location.href).origin === location.origin;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && [400, 401, 403].includes(error.status) && error.type !== "SignedOut";
}
