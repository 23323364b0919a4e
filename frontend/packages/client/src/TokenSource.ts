/** Where access tokens come from. Given to the connection, which knows nothing of sessions or of HTTP. */
export interface TokenSource {
  /** An id of the signed-in person; null: nobody is signed in. */
  subject(): string | null;
  /** Calls `listener` when the subject changes. Returns a function that stops it. */
  subscribe(listener: () => void): () => void;
  /** A token that has not expired. Rejects when there is none to be had; if `subject()` is null then, only a new sign-in helps. */
  token(): Promise<string>;
  /** A new token, even if the old one has not expired. Rejects like `token`. */
  renew(): Promise<string>;
}
