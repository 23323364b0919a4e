/** Access tokens for programs without a sign-in form: given from outside, or got with a name and password. */

import type { TokenSource } from "../TokenSource";
import { randomId } from "../randomId";
import { ApiError } from "./ApiError";
import { claimsOf, secondsLeft, subjectOf } from "./claims";
import { request } from "./request";
import type { TokenPair } from "./types";

/** An access token that expires sooner than this is renewed before use. */
const MIN_LIFETIME_SECONDS = 5;

/** A token, or a function that gets one, and another when it expires. */
export type GivenToken = string | (() => Promise<string>);

abstract class KeptToken implements TokenSource {
  private kept: string | null = null;
  private renewal: Promise<string> | null = null;
  private readonly listeners = new Set<() => void>();

  abstract subject(): string | null;
  protected abstract obtain(): Promise<string>;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async token(): Promise<string> {
    const { kept } = this;
    return kept !== null && secondsLeft(kept) > MIN_LIFETIME_SECONDS ? kept : this.renew();
  }

  /** Concurrent calls share one request. */
  renew(): Promise<string> {
    this.renewal ??= this.obtain()
      .then((token) => (this.kept = token))
      .finally(() => (this.renewal = null));
    return this.renewal;
  }

  protected notify(): void {
    this.listeners.forEach((listener) => listener());
  }
}

/** A token that somebody else got, such as one for a single workflow. Without a function it ends for good when it expires. */
export class GivenTokens extends KeptToken {
  private readonly given: GivenToken;
  private readonly own = randomId();
  private isUsed = false;
  private hasEnded = false;

  constructor(given: GivenToken) {
    super();
    this.given = given;
  }

  override subject(): string | null {
    if (this.hasEnded) return null;
    return typeof this.given === "string" && "user_id" in claimsOf(this.given)
      ? subjectOf(this.given)
      : this.own;
  }

  protected override async obtain(): Promise<string> {
    if (typeof this.given !== "string") return this.given();
    if (!this.isUsed) return this.use(this.given);
    this.hasEnded = true;
    this.notify();
    throw ApiError.signedOut();
  }

  private use(token: string): string {
    this.isUsed = true;
    return token;
  }
}

export interface Credentials {
  username: string;
  password: string;
}

/** Signs in with a name and password, and again when the token expires. Keeps them in memory only. */
export class PasswordTokens extends KeptToken {
  private readonly url: string;
  private readonly credentials: Credentials;

  constructor(url: string, credentials: Credentials) {
    super();
    this.url = url;
    this.credentials = credentials;
  }

  override subject(): string {
    return JSON.stringify(this.credentials.username);
  }

  protected override async obtain(): Promise<string> {
    const body = this.credentials;
    const { access } = await request<TokenPair>("POST", `${this.url}/api/auth/token/`, { body });
    return access;
  }
}
