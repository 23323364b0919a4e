/** Where the refresh token of a sign-in is kept, and how it is shown to the server. */

import { claimsOf, subjectOf } from "./claims";
import type { RequestOptions } from "./request";
import type { TokenPair } from "./types";

export interface RefreshTokens {
  /** The entry of localStorage that changes whenever somebody signs in or out, in any tab. */
  readonly key: string;
  /** The user id as JSON; null when nobody is signed in. */
  subject(): string | null;
  /** The same for as long as the same person is signed in by the same login; null when nobody is. */
  login(): string | null;
  /** What shows the token to the server. */
  shown(): RequestOptions;
  /** Keeps what the server gave. */
  keep(tokens: TokenPair): void;
  clear(): void;
}

/** Another entry than that of the pages' own server: one for each server. */
const KEY = "callboard.refresh";

/**
 * In a cookie that no script can read, for pages that come from the server itself. What is in localStorage says only who is
 * signed in, so that all tabs agree, and a page knows it without asking.
 */
export class TokenInCookie implements RefreshTokens {
  readonly key = "callboard.signed-in";

  subject(): string | null {
    const former = localStorage.getItem(KEY);
    if (former !== null) return subjectOf(former);
    const login = this.login();
    return login === null ? null : userOf(login);
  }

  login(): string | null {
    return localStorage.getItem(this.key) ?? loginOf(localStorage.getItem(KEY));
  }

  /** A page of an earlier version kept the token in localStorage: it goes into the cookie at the next renewal. */
  shown(): RequestOptions {
    const former = localStorage.getItem(KEY);
    return { body: former === null ? {} : { refresh: former }, withCookies: true, inCookie: true };
  }

  keep({ access }: TokenPair): void {
    localStorage.removeItem(KEY);
    localStorage.setItem(this.key, loginOf(access) ?? "[]");
  }

  clear(): void {
    localStorage.removeItem(KEY);
    localStorage.removeItem(this.key);
  }
}

/**
 * In localStorage, for pages of another origin than the server's: no cookie of the server goes there. Any script of such a
 * page could read it; whoever minds gives the client a token, and keeps the sign-in elsewhere.
 */
export class TokenInStorage implements RefreshTokens {
  readonly key: string;

  constructor(url: string) {
    this.key = `${KEY} ${url}`;
  }

  subject(): string | null {
    return subjectOf(this.stored());
  }

  login(): string | null {
    return loginOf(this.stored());
  }

  shown(): RequestOptions {
    return { body: { refresh: this.stored() } };
  }

  keep({ refresh }: TokenPair): void {
    if (refresh !== undefined) localStorage.setItem(this.key, refresh);
  }

  clear(): void {
    localStorage.removeItem(this.key);
  }

  private stored(): string | null {
    return localStorage.getItem(this.key);
  }
}

function userOf(login: string): string {
  try {
    return JSON.stringify((JSON.parse(login) as unknown[])[0] ?? "someone");
  } catch {
    return JSON.stringify("someone"); // not written by us: the server will say who it is
  }
}

function loginOf(token: string | null): string | null {
  if (token === null) return null;
  const { user_id: user, login } = claimsOf(token);
  return JSON.stringify([user ?? null, login ?? null]);
}
