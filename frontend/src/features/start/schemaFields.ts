/** The fields of a form for a JSON Schema. Pure. */

type Schema = Record<string, unknown>;

interface Base {
  name: string;
  label: string;
  description: string;
  isRequired: boolean;
  /** What the server takes when the field is left out. */
  fallback: unknown;
  /** The field is the whole input: the schema names no properties. */
  isAll?: boolean;
}

export type FormField = Base &
  (
    | { kind: "text" | "longText"; longest: number | undefined }
    | {
        kind: "number" | "slider";
        isWhole: boolean;
        least: number | undefined;
        most: number | undefined;
        step: number;
      }
    | { kind: "choice" | "choices"; options: unknown[] }
    | { kind: "boolean" | "date" | "texts" | "json" }
  );

/** The name of a field that is the whole input: what the server calls it, too. */
export const ALL = "input";
const LONGEST_LINE = 200;
const MOST_STEPS = 120;
const LONGEST_CHAIN = 16;

/** The fields for a JSON Schema (2020-12) of an object, in its order. What cannot be drawn is a field of kind `json`. */
export function fieldsOf(schema: unknown): FormField[] {
  const root = record(schema);
  const { properties, required } = resolved(root, root);
  const entries = Object.entries(record(properties));
  if (!entries.length) {
    const base = { name: ALL, label: "Input", description: "As JSON", isRequired: true, fallback: {} };
    return [{ ...base, kind: "json", isAll: true }];
  }
  return entries.map(([name, property]) => fieldOf(root, name, property, list(required).includes(name)));
}

function fieldOf(root: Schema, name: string, property: unknown, isRequired: boolean): FormField {
  const schema = resolved(root, property);
  const base = {
    name,
    label: text(schema["title"]) ?? sentence(name),
    description: text(schema["description"]) ?? "",
    isRequired,
    fallback: schema["default"] ?? undefined,
  };
  const options = optionsOf(schema);
  if (options) return { ...base, kind: "choice", options };
  switch (schema["type"]) {
    case "boolean":
      return { ...base, kind: "boolean" };
    case "string":
      return { ...base, ...textOf(schema) };
    case "integer":
    case "number":
      return { ...base, ...numberOf(schema, isRequired || base.fallback !== undefined) };
    case "array":
      return { ...base, ...arrayOf(resolved(root, schema["items"])) };
    default:
      return { ...base, kind: "json" };
  }
}

function textOf(schema: Schema) {
  if (schema["format"] === "date") return { kind: "date" } as const;
  const longest = number(schema["maxLength"]);
  const kind = longest !== undefined && longest <= LONGEST_LINE ? "text" : "longText";
  return { kind, longest } as const;
}

/** A slider always says something: it is no field to leave empty. */
function numberOf(schema: Schema, isAlwaysGiven: boolean) {
  const isWhole = schema["type"] === "integer";
  const least = boundOf(schema, "minimum", isWhole ? 1 : undefined);
  const most = boundOf(schema, "maximum", isWhole ? -1 : undefined);
  const range = least === undefined || most === undefined ? Infinity : most - least;
  const step = number(schema["multipleOf"]) ?? (isWhole || range === Infinity ? 1 : range / 100);
  const kind = isAlwaysGiven && range / step <= MOST_STEPS ? "slider" : "number";
  return { kind, isWhole, least, most, step } as const;
}

/** The bound; of whole numbers, the next one inside of a bound that is exclusive. */
function boundOf(
  schema: Schema,
  word: "minimum" | "maximum",
  inwards: number | undefined,
): number | undefined {
  const exclusive = number(schema[word === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum"]);
  const inside = exclusive === undefined || inwards === undefined ? undefined : exclusive + inwards;
  return number(schema[word]) ?? inside;
}

function arrayOf(items: Schema) {
  const options = optionsOf(items);
  if (options) return { kind: "choices", options } as const;
  return { kind: items["type"] === "string" ? "texts" : "json" } as const;
}

function optionsOf(schema: Schema): unknown[] | undefined {
  if ("const" in schema) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? schema["enum"].filter((option) => option !== null) : undefined;
}

/** The schema without references, and without "or null". */
function resolved(root: Schema, given: unknown): Schema {
  let schema = record(given);
  for (let links = 0; links < LONGEST_CHAIN; links += 1) {
    const next = referred(root, schema) ?? only(schema);
    if (!next) break;
    schema = next;
  }
  const types = list(schema["type"]).filter((type) => type !== "null");
  return types.length === 1 ? { ...schema, type: types[0] } : schema;
}

function referred(root: Schema, { $ref, ...others }: Schema): Schema | undefined {
  if (typeof $ref !== "string" || !$ref.startsWith("#")) return undefined;
  const target = $ref
    .split("/")
    .slice(1)
    .reduce<unknown>((place, part) => record(place)[part], root);
  return { ...record(target), ...others };
}

/** What a choice between one schema and null comes to. */
function only({ anyOf, oneOf, allOf, ...others }: Schema): Schema | undefined {
  const choices = [anyOf, oneOf, allOf]
    .flatMap(list)
    .map(record)
    .filter(({ type }) => type !== "null");
  return choices.length === 1 ? { ...choices[0], ...others } : undefined;
}

export function sentence(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function record(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

export function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
