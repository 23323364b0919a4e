/** Who is signed in: the two tokens, their renewal, and what other tabs do with them. */

import { ApiError } from "./ApiError";
import { request } from "./request";

/**
 * The refresh token lies in localStorage: it must outlive a reload and be the same in all tabs, for it is rotated at
 * each use. A script that runs in our page could read it; none but our own may (Content-Security-Policy), it is
 * revoked at sign-out, and the access token, which opens everything, never leaves the memory of its tab.
 */
const STORAGE_KEY = "callboard.refresh";
const LOCK = "callboard.refresh";
/** How long another tab may take to write the token that it has just received. */
const ROTATION_SECONDS = 2;
/** An access token that ends sooner than this is not worth sending. */
const LEAST_LIFE_SECONDS = 5;

interface TokenPair {
  access: string;
  refresh: string;
}

type Listener = () => void;

export class Session {
  private access: string | null = null;
  private renewal: Promise<string> | null = null;
  private readonly listeners = new Set<Listener>();
  private knownSubject: string | null;

  constructor() {
    this.knownSubject = subjectOf(this.stored());
    window.addEventListener("storage", this.onStorage);
  }

  /** Stops listening to other tabs. */
  close(): void {
    window.removeEventListener("storage", this.onStorage);
  }

  /** The signed-in person's id as the token has it, null when nobody is. Changes when somebody else signs in. */
  readonly subject = (): string | null => this.knownSubject;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Rejects with ApiError (401: wrong name or password). */
  async signIn(username: string, password: string): Promise<void> {
    this.keep(await request<TokenPair>("POST", "/api/auth/token/", { body: { username, password } }));
  }

  /** Signs all tabs out, at once; that the server cannot be reached does not keep anybody signed in. */
  async signOut(): Promise<void> {
    const refresh = this.stored();
    this.forget();
    if (refresh === null) return;
    await request("POST", "/api/auth/logout/", { body: { refresh } }).catch(() => undefined);
  }

  /** An access token that still lives. Rejects with ApiError; when `subject()` is null then, only a person can help. */
  async token(): Promise<string> {
    return this.access !== null && secondsLeft(this.access) > LEAST_LIFE_SECONDS ? this.access : this.renew();
  }

  /** A new access token. All who ask meanwhile share one request. */
  renew(): Promise<string> {
    this.renewal ??= alone(() => this.rotate()).finally(() => (this.renewal = null));
    return this.renewal;
  }

  private async rotate(): Promise<string> {
    const refresh = this.stored();
    if (refresh === null) throw this.signedOut();
    try {
      const tokens = await request<TokenPair>("POST", "/api/auth/token/refresh/", { body: { refresh } });
      if (this.stored() !== refresh) throw ApiError.signedOut(); // somebody signed out, or in, meanwhile
      this.keep(tokens);
      return tokens.access;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A browser without locks: another tab may have used the token a moment ago, and its successor be on its way.
      if (await this.isReplaced(refresh)) return this.rotate();
      throw this.signedOut();
    }
  }

  private async isReplaced(refresh: string): Promise<boolean> {
    for (let tries = 0; tries < ROTATION_SECONDS * 10; tries += 1) {
      const stored = this.stored();
      if (stored !== refresh) return stored !== null;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  }

  private signedOut(): ApiError {
    this.forget();
    return ApiError.signedOut();
  }

  private stored(): string | null {
    return localStorage.getItem(STORAGE_KEY);
  }

  private keep(tokens: TokenPair): void {
    this.access = tokens.access;
    localStorage.setItem(STORAGE_KEY, tokens.refresh);
    this.tell();
  }

  private forget(): void {
    this.access = null;
    localStorage.removeItem(STORAGE_KEY);
    this.tell();
  }

  /** Another tab wrote: it rotated the token, signed out, or somebody else signed in. Only the first leaves us as we were. */
  private readonly onStorage = (event: StorageEvent): void => {
    if (event.key !== STORAGE_KEY && event.key !== null) return;
    if (subjectOf(this.stored()) !== this.knownSubject) this.access = null;
    this.tell();
  };

  private tell(): void {
    const subject = subjectOf(this.stored());
    if (subject === this.knownSubject) return;
    this.knownSubject = subject;
    this.listeners.forEach((listener) => listener());
  }
}

/** Runs `work` while no other tab does. Pages that are not served over TLS have no locks: there, `rotate` copes. */
function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  return "locks" in navigator ? navigator.locks.request(LOCK, work) : work();
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && [400, 401, 403].includes(error.status) && error.type !== "SignedOut";
}

function secondsLeft(token: string): number {
  const ends = claimsOf(token)["exp"];
  return typeof ends === "number" ? ends - Date.now() / 1000 : Infinity;
}

function subjectOf(token: string | null): string | null {
  return token === null ? null : JSON.stringify(claimsOf(token)["user_id"] ?? "someone");
}

/** What a JWT says of itself. The server alone can tell whether it is true; {} when it is none. */
function claimsOf(token: string): Record<string, unknown> {
  try {
    const base64 = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(base64)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
