import type { OwnPicture } from "@callboard/client";

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

/** What asks for a silent film. */
export function silentIf(isSilent: boolean): { sound?: false } {
  return isSilent ? { sound: false } : {};
}

/** Whether an input asks for a film with sound, as one does that does not say. */
export function hasSoundIn(input: { sound?: false } | undefined): boolean {
  return input?.sound !== false;
}

/** The pictures of an input, where there are some. */
export function withPictures(pictures: readonly OwnPicture[]): { pictures?: OwnPicture[] } {
  return pictures.length ? { pictures: [...pictures] } : {};
}

/** The pictures that an input has. */
export function picturesIn(input: { pictures?: OwnPicture[] } | undefined): OwnPicture[] {
  return input?.pictures ?? [];
}
