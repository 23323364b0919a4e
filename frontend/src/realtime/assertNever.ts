/** The compiler's proof that a union is exhausted. Unknown values from a newer server are sorted out before. */
export function assertNever(value: never): never {
  throw new Error(`Not to be reached: ${JSON.stringify(value)}`);
}
