/** What is written in the fields of a form for a JSON Schema, and the input that it comes to. Pure. */
import { ALL, list, number, record, sentence, text } from "./schemaFields";
import type { FormField } from "./schemaFields";

export type Input = Record<string, unknown>;

/** What a field holds while it is edited: of `texts` the lines, of `json` its text, of a choice the number of the option. */
export type Draft = string | number | boolean | string[];
export type Drafts = Readonly<Record<string, Draft>>;

/** What the fields hold at first: what `initial` says, or else the defaults. */
export function draftsOf(fields: readonly FormField[], initial: Input = {}): Drafts {
  return Object.fromEntries(
    fields.map((field) => {
      const value = field.isAll && Object.keys(initial).length ? initial : initial[field.name];
      return [field.name, draftOf(field, value ?? field.fallback)];
    }),
  );
}

function draftOf(field: FormField, value: unknown): Draft {
  switch (field.kind) {
    case "boolean":
      return value === true;
    case "slider":
      return number(value) ?? field.least ?? 0;
    case "number":
      return number(value) ?? "";
    case "choice":
      return indexIn(field.options, value) ?? (field.isRequired ? "0" : "");
    case "choices":
      return list(value).flatMap((entry) => indexIn(field.options, entry) ?? []);
    case "texts":
      return list(value).map(String).join("\n");
    case "json":
      return value === undefined ? "" : JSON.stringify(value, null, 2);
    case "text":
    case "longText":
    case "date":
    default:
      return text(value) ?? "";
  }
}

export interface Filled {
  input: Input;
  /** What is wrong, by the name of the field. */
  problems: Readonly<Record<string, string>>;
}

/** The input as it is written in the fields. What was left empty is left out: the server's defaults hold for it. */
export function inputOf(fields: readonly FormField[], drafts: Drafts): Filled {
  const input: Input = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const draft = drafts[field.name] ?? "";
    const problem = problemOf(field, draft);
    const value = problem ? undefined : valueOf(field, draft);
    if (problem) problems[field.name] = problem;
    else if (value !== undefined) input[field.name] = value;
  }
  return { input: fields[0]?.isAll ? record(input[ALL]) : input, problems };
}

function problemOf(field: FormField, draft: Draft): string | undefined {
  const isBlank = typeof draft === "string" && !draft.trim();
  if (isBlank) return field.isRequired && field.kind !== "texts" ? "Please fill this in." : undefined;
  switch (field.kind) {
    case "text":
    case "longText":
      return field.longest !== undefined && String(draft).trim().length > field.longest
        ? `At most ${field.longest.toLocaleString("en")} characters, please.`
        : undefined;
    case "number":
      return outside(Number(draft), field.least, field.most);
    case "json":
      return isJson(String(draft)) ? undefined : "This is not JSON.";
    case "slider":
    case "boolean":
    case "choice":
    case "choices":
    case "date":
    case "texts":
    default:
      return undefined;
  }
}

function outside(value: number, least: number | undefined, most: number | undefined): string | undefined {
  if (least !== undefined && value < least) return `At least ${least}, please.`;
  return most !== undefined && value > most ? `At most ${most}, please.` : undefined;
}

function valueOf(field: FormField, draft: Draft): unknown {
  const isBlank = draft === "" || (typeof draft === "string" && !draft.trim());
  switch (field.kind) {
    case "number":
      return isBlank ? undefined : Number(draft);
    case "choice":
      return isBlank ? undefined : field.options[Number(draft)];
    case "choices":
      return list(draft).map((index) => field.options[Number(index)]);
    case "texts":
      return lines(String(draft));
    case "json":
      return isBlank ? undefined : (JSON.parse(String(draft)) as unknown);
    case "text":
    case "longText":
      // A default that was deleted is meant to be gone.
      return isBlank && !field.fallback ? undefined : String(draft).trim();
    case "date":
      return isBlank ? undefined : draft;
    case "slider":
    case "boolean":
    default:
      return draft;
  }
}

/** How an option is called. */
export function optionLabel(option: unknown): string {
  if (typeof option !== "string") return JSON.stringify(option);
  return /^[a-z][a-z_ ]*$/.test(option) ? sentence(option) : option;
}

function lines(written: string): string[] {
  return written
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

function isJson(written: string): boolean {
  try {
    JSON.parse(written);
    return true;
  } catch {
    return false;
  }
}

function indexIn(options: unknown[], value: unknown): string | undefined {
  const index = options.indexOf(value);
  return index < 0 ? undefined : String(index);
}
