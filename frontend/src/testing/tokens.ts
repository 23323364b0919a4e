/** JWTs in the server's format, without a valid signature: the client does not check it. */

interface Claims {
  user_id?: string | number;
  login?: string;
  /** Seconds since 1970. */
  exp?: number;
  /** What makes it different from others. */
  jti?: string;
}

export function jwt(claims: Claims): string {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_");
  return `${part({ alg: "HS256" })}.${part(claims)}.signature`;
}
