/** Makes the compiler check that a `switch` covers its whole union. Unknown values from a newer server are dropped before. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
