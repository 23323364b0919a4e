/** The server's message for each invalid field, by its name. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The fields that are not blank, trimmed: the server's defaults hold for the others. */
export function filledIn<Fields extends Record<string, string>>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value),
  ) as Partial<Fields>;
}
