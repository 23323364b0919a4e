import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";

import { IDEAS, SCREENPLAY } from "../examples";
import { IdeaForm } from "./IdeaForm";
import type { IdeaInput } from "./IdeaForm";
import { limitsOf } from "../inputLimits";
import { renderComponent } from "@/testing/renderComponent";
import { ScreenplayPreview } from "./ScreenplayPreview";
import { ScriptForm } from "./ScriptForm";
import type { ScriptInput } from "./ScriptForm";

const IDEA = limitsOf(undefined, "idea2video", "idea");
const SCRIPT = limitsOf(undefined, "script2video", "script");

describe("the form for an idea", () => {
  function form(onStart = vi.fn<(input: IdeaInput) => void>(), errors = {}) {
    return <IdeaForm limits={IDEA} isSending={false} errors={errors} onStart={onStart} />;
  }

  it("starts with what was typed, and leaves out what was left empty", async () => {
    const onStart = vi.fn<(input: IdeaInput) => void>();
    const { user } = renderComponent(form(onStart));
    await user.type(screen.getByLabelText(/Your idea/), "  A fox learns to fly ");
    await user.type(screen.getByRole("combobox", { name: "Style" }), "Film noir");
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(onStart).toHaveBeenCalledWith({ idea: "A fox learns to fly", scenes: 3, style: "Film noir" });
  });

  it("asks for a silent film only where the sound is switched off", async () => {
    const onStart = vi.fn<(input: IdeaInput) => void>();
    const { user } = renderComponent(form(onStart));
    await user.type(screen.getByLabelText(/Your idea/), "A fox learns to fly");
    const sound = screen.getByRole("switch", { name: /Sound/ });
    expect(sound).toBeChecked();
    await user.click(sound);
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(onStart).toHaveBeenCalledWith({ idea: "A fox learns to fly", scenes: 3, sound: false });
  });

  it("takes an example with one click", async () => {
    const onStart = vi.fn<(input: IdeaInput) => void>();
    const { user } = renderComponent(form(onStart));
    await user.click(screen.getByRole("button", { name: "Last tram" }));
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(onStart).toHaveBeenCalledWith({ idea: IDEAS[2]?.idea, scenes: 3 });
  });

  it("chooses scenes by keyboard, within what the pipeline allows", async () => {
    const { user } = renderComponent(form());
    screen.getByRole("slider", { name: "Scenes" }).focus();
    await user.keyboard("{ArrowRight}{ArrowRight}");
    expect(screen.getByText("Scenes: 5")).toBeInTheDocument();
    await user.keyboard("{End}{ArrowRight}");
    expect(screen.getByText("Scenes: 12")).toBeInTheDocument();
  });

  it("asks for an idea, and takes the complaint back when one is typed", async () => {
    const onStart = vi.fn<(input: IdeaInput) => void>();
    const { user } = renderComponent(form(onStart));
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(screen.getByText("Write your idea first: one sentence is enough.")).toBeInTheDocument();
    expect(screen.getByLabelText(/Your idea/)).toBeInvalid();
    await user.type(screen.getByLabelText(/Your idea/), "A");
    expect(screen.queryByText(/Write your idea first/)).not.toBeInTheDocument();
    expect(onStart).not.toHaveBeenCalled();
  });

  it("counts characters, and refuses too many", async () => {
    const onStart = vi.fn<(input: IdeaInput) => void>();
    const { user } = renderComponent(form(onStart));
    fireEvent.change(screen.getByLabelText(/Your idea/), { target: { value: "x".repeat(4003) } });
    expect(screen.getByText("4,003 / 4,000 · 3 too many")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(screen.getByText("At most 4,000 characters, please.")).toBeInTheDocument();
    expect(onStart).not.toHaveBeenCalled();
  });

  it("shows what the server found, at the field", () => {
    renderComponent(
      form(vi.fn<(input: IdeaInput) => void>(), {
        idea: "Idea is not readable text.",
        requirement: "Requirement is too long.",
      }),
    );
    expect(screen.getByLabelText(/Your idea/)).toHaveAccessibleDescription(/Idea is not readable text/);
    expect(screen.getByLabelText("Requirement")).toHaveAccessibleDescription(/Requirement is too long/);
  });

  it("believes the pipeline's schema rather than its own figures", () => {
    const input_schema = { properties: { idea: { maxLength: 20 }, scenes: { minimum: 2, maximum: 4 } } };
    const pipeline = {
      name: "idea2video",
      title: "",
      description: "",
      stages: [],
      input_schema,
      lacks: [],
      steps: [],
    };
    expect(limitsOf(pipeline, "idea2video", "idea")).toEqual({ text: 20, leastScenes: 2, mostScenes: 4 });
  });
});

describe("the form for a screenplay", () => {
  function Form({ onStart = vi.fn<(input: ScriptInput) => void>() }) {
    const [script, setScript] = useState("");
    return (
      <>
        <ScriptForm
          limits={SCRIPT}
          script={script}
          isSending={false}
          errors={{}}
          onScript={setScript}
          onStart={onStart}
        />
        <ScreenplayPreview script={script} />
      </>
    );
  }

  it("loads an example and says what is in it", async () => {
    const onStart = vi.fn<(input: ScriptInput) => void>();
    const { user } = renderComponent(<Form onStart={onStart} />);
    await user.click(screen.getByRole("button", { name: "Load an example" }));
    expect(screen.getByRole("heading", { name: "2 scenes" })).toBeInTheDocument();
    expect(screen.getByRole("heading", { name: "2 speaking characters" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(onStart).toHaveBeenCalledWith({ script: SCREENPLAY });
  });

  it("takes a file that is dropped on it", async () => {
    renderComponent(<Form />);
    const file = new File(["INT. ATTIC - DAY\n\nDust."], "film.fountain");
    const dropped = {
      files: Object.assign([file], { item: (index: number) => [file][index] }),
      types: ["Files"],
    };
    fireEvent.drop(screen.getByLabelText(/Your screenplay/), { dataTransfer: dropped });
    expect(await screen.findByText("INT. ATTIC - DAY", { selector: "span" })).toBeInTheDocument();
  });

  it("refuses a file that is not text, by its name", async () => {
    const { user } = renderComponent(<Form />);
    const noise = new File([new Uint8Array([80, 75, 3, 4, 0, 0, 1, 2])], "film.txt", { type: "text/plain" });
    await user.upload(document.querySelector("input[type=file]") as HTMLInputElement, noise);
    expect(await screen.findByText(/film\.txt is not a text file/)).toBeInTheDocument();
    expect(screen.getByLabelText(/Your screenplay/)).toHaveValue("");
  });

  it("asks for a screenplay", async () => {
    const onStart = vi.fn<(input: ScriptInput) => void>();
    const { user } = renderComponent(<Form onStart={onStart} />);
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(screen.getByText("Paste a screenplay first, or load the example.")).toBeInTheDocument();
    expect(onStart).not.toHaveBeenCalled();
  });
});
