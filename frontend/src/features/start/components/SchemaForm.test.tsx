import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import { draftsOf, inputOf } from "../drafts";
import type { Input } from "../drafts";
import { renderComponent } from "@/testing/renderComponent";
import { fieldsOf } from "../schemaFields";
import { SchemaForm } from "./SchemaForm";

const TUNE = {
  type: "object",
  required: ["title", "seconds"],
  properties: {
    title: { type: "string", title: "Title", description: "What it is called", maxLength: 20 },
    notes: { type: "string", maxLength: 4000 },
    mood: { enum: ["calm", "very_sad"], default: "calm" },
    seconds: { type: "integer", minimum: 8, maximum: 120, title: "Length" },
    tempo: { type: "number", minimum: 40 },
    drums: { type: "boolean", default: true, title: "With drums" },
    due: { type: "string", format: "date" },
    players: { type: "array", items: { type: "string" }, default: ["Ada"] },
    parts: { type: "array", items: { enum: ["intro", "chorus"] } },
    tuning: { type: "object", description: "Hertz by note" },
  },
};

function form(onStart = vi.fn<(input: Input) => void>(), more = {}) {
  const props = {
    schema: TUNE,
    label: "Tune",
    isSending: false,
    isDisabled: false,
    errors: {},
    onStart,
    ...more,
  };
  return <SchemaForm {...props} />;
}

function write(field: HTMLElement, value: string) {
  fireEvent.change(field, { target: { value } });
}

function kinds(properties: object, more = {}) {
  const fields = fieldsOf({ type: "object", properties, ...more });
  return Object.fromEntries(fields.map(({ name, kind }) => [name, kind]));
}

describe("the form for a schema", () => {
  it("has a field that fits for each property, and gives an input that fits the schema", async () => {
    const onStart = vi.fn<(input: Input) => void>();
    const { user } = renderComponent(form(onStart));
    expect(screen.getByRole("textbox", { name: /Title/ })).toHaveAccessibleDescription("What it is called");
    write(screen.getByRole("textbox", { name: /Title/ }), " Low tide ");
    await user.selectOptions(screen.getByRole("combobox", { name: "Mood" }), "Very sad");
    screen.getByRole("slider", { name: "Length" }).focus();
    await user.keyboard("{ArrowRight}{ArrowRight}");
    expect(screen.getByText("Length: 10")).toBeInTheDocument();
    write(screen.getByRole("textbox", { name: "Tempo" }), "72.5");
    await user.click(screen.getByRole("switch", { name: "With drums" }));
    write(screen.getByLabelText("Due"), "2026-05-01");
    write(screen.getByRole("textbox", { name: "Players" }), "Ada\nLeo");
    await user.click(screen.getByRole("checkbox", { name: "Chorus" }));
    write(screen.getByRole("textbox", { name: "Tuning" }), '{"a":440}');
    await user.click(screen.getByRole("button", { name: "Start" }));
    expect(onStart).toHaveBeenCalledWith({
      title: "Low tide",
      mood: "very_sad",
      seconds: 10,
      tempo: 72.5,
      drums: false,
      due: "2026-05-01",
      players: ["Ada", "Leo"],
      parts: ["chorus"],
      tuning: { a: 440 },
    });
  });

  it("says at the field what is missing or wrong, and takes it back when that is corrected", async () => {
    const onStart = vi.fn<(input: Input) => void>();
    const { user } = renderComponent(form(onStart, { initial: { tempo: 20, notes: "x".repeat(4001) } }));
    write(screen.getByRole("textbox", { name: "Tuning" }), "a = 440");
    await user.click(screen.getByRole("button", { name: "Start" }));
    expect(onStart).not.toHaveBeenCalled();
    const title = screen.getByRole("textbox", { name: /Title/ });
    expect(title).toHaveAccessibleDescription(/Please fill this in/);
    expect(screen.getByRole("textbox", { name: "Tempo" })).toHaveAccessibleDescription(
      "At least 40, please.",
    );
    expect(screen.getByRole("textbox", { name: "Notes" })).toBeInvalid();
    expect(screen.getByRole("textbox", { name: "Tuning" })).toHaveAccessibleDescription(/This is not JSON/);
    write(title, "A");
    expect(title).toBeValid();
  });

  it("shows what the server found, at the field, and cannot be sent while something is lacking", () => {
    renderComponent(form(undefined, { errors: { title: "Title is not readable text." }, isDisabled: true }));
    expect(screen.getByRole("textbox", { name: /Title/ })).toHaveAccessibleDescription(/not readable text/);
    expect(screen.getByRole("button", { name: "Start" })).toBeDisabled();
  });
});

describe("the fields of a schema", () => {
  it("see through references and null", () => {
    const properties = {
      size: { $ref: "#/$defs/Size" },
      note: { anyOf: [{ type: "string", maxLength: 9 }, { type: "null" }], default: null },
      count: { type: ["integer", "null"] },
    };
    expect(kinds(properties, { $defs: { Size: { enum: [1, 2] } } })).toEqual({
      size: "choice",
      note: "text",
      count: "number",
    });
  });

  it("are sliders only where there is something on either side, few steps and always a value", () => {
    const bounds = { type: "integer", minimum: 0, maximum: 10 };
    const properties = {
      open: bounds,
      given: { ...bounds, default: 3 },
      wide: { ...bounds, maximum: 5000, default: 3 },
    };
    expect(kinds(properties)).toEqual({ open: "number", given: "slider", wide: "number" });
  });

  it("are JSON where they cannot be drawn, and one for all where nothing is named", () => {
    expect(kinds({ any: {}, either: { anyOf: [{ type: "string" }, { type: "integer" }] } })).toEqual({
      any: "json",
      either: "json",
    });
    const [all, ...others] = fieldsOf({ type: "object" });
    expect(others).toEqual([]);
    const fields = all ? [all] : [];
    expect(inputOf(fields, draftsOf(fields, { a: 1 }))).toEqual({ input: { a: 1 }, problems: {} });
  });

  it("leave out what was left empty, but not a default that was deleted", () => {
    const fields = fieldsOf({ properties: { a: { type: "string" }, b: { type: "string", default: "x" } } });
    expect(inputOf(fields, { ...draftsOf(fields), b: "" }).input).toEqual({ b: "" });
  });
});
