/** What a JWT says, unverified: only the server can verify it. */

/** {} for anything that is not a JWT. */
export function claimsOf(token: string): Record<string, unknown> {
  try {
    const base64 = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(base64)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Infinity for a token that does not say when it expires. */
export function secondsLeft(token: string): number {
  const ends = claimsOf(token)["exp"];
  return typeof ends === "number" ? ends - Date.now() / 1000 : Infinity;
}

/** The user's id as JSON; null without a token. */
export function subjectOf(token: string | null): string | null {
  return token === null ? null : JSON.stringify(claimsOf(token)["user_id"] ?? "someone");
}

/** The same for tokens of the same person and login that allow the same: all claims but those that each token has for itself. */
export function identityOf(token: string): string {
  const { exp: _exp, iat: _iat, nbf: _nbf, jti: _jti, ...same } = claimsOf(token);
  return JSON.stringify(Object.entries(same).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
