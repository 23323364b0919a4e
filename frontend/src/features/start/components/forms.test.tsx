import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";

import { IDEAS, SCREENPLAY } from "../examples";
import { EstimateLine } from "./EstimateLine";
import { IdeaForm } from "./IdeaForm";
import type { IdeaInput } from "./IdeaForm";
import { limitsOf } from "../inputLimits";
import { Remarks } from "./Remarks";
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
    await user.type(screen.getByRole("textbox", { name: "Style" }), "Film noir");
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(onStart).toHaveBeenCalledWith({ idea: "A fox learns to fly", scenes: 3, style: "Film noir" });
  });

  it("offers the styles as pictures, and takes other words as well", async () => {
    const onStart = vi.fn<(input: IdeaInput) => void>();
    const { user } = renderComponent(form(onStart));
    expect(screen.getByRole("radio", { name: "Plain" })).toBeChecked();
    await user.click(screen.getByRole("radio", { name: "Film noir" }));
    expect(screen.getByRole("textbox", { name: "Style" })).toHaveValue("Film noir");
    await user.type(screen.getByRole("textbox", { name: "Style" }), " in the rain");
    expect(screen.getByRole("radio", { name: "Film noir" })).not.toBeChecked();
    await user.click(screen.getByRole("radio", { name: "Plain" }));
    expect(screen.getByRole("textbox", { name: "Style" })).toHaveValue("");
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
    expect(limitsOf(pipeline, "idea2video", "idea")).toEqual({
      text: 20,
      markup: 20,
      leastScenes: 2,
      mostScenes: 4,
    });
  });
});

describe("the form for a screenplay", () => {
  function Form({ onStart = vi.fn<(input: ScriptInput) => void>(), scenesError = "" }) {
    const [script, setScript] = useState("");
    return (
      <>
        <ScriptForm
          limits={SCRIPT}
          script={script}
          isSending={false}
          errors={{ scenes: scenesError }}
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

  it("takes a Final Draft document, shows what is in it, and lets go of it", async () => {
    const onStart = vi.fn<(input: ScriptInput) => void>();
    const { user } = renderComponent(<Form onStart={onStart} />);
    const fdx =
      '<?xml version="1.0"?><FinalDraft><Content><Paragraph Type="Scene Heading"><Text>INT. DOME - NIGHT</Text></Paragraph></Content></FinalDraft>';
    const file = new File([fdx], "moon.fdx");
    await user.upload(document.querySelector("input[type=file]") as HTMLInputElement, file);
    expect(await screen.findByText("Final Draft document")).toBeInTheDocument();
    expect(screen.getByText("INT. DOME - NIGHT", { selector: "span" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(onStart).toHaveBeenCalledWith({ script: fdx });
    await user.click(screen.getByRole("button", { name: "Remove" }));
    expect(screen.getByLabelText(/Your screenplay/)).toHaveValue("");
  });

  it("films only the scenes that are chosen", async () => {
    const onStart = vi.fn<(input: ScriptInput) => void>();
    const { user } = renderComponent(<Form onStart={onStart} />);
    await user.click(screen.getByRole("button", { name: "Load an example" }));
    await user.type(screen.getByRole("textbox", { name: "Scenes" }), " 2 ");
    await user.click(screen.getByRole("button", { name: "Make the video" }));
    expect(onStart).toHaveBeenCalledWith({ script: SCREENPLAY, scenes: "2" });
  });

  it("fills in the scenes that fit with one click, where there are too many", async () => {
    const scenes =
      "The text has 190 scenes; a film takes at most 38. Scenes 1–30, 33–40 fit: write 1-30, 33-40 in Scenes.";
    const { user } = renderComponent(<Form scenesError={scenes} />);
    expect(screen.getByRole("textbox", { name: "Scenes" })).toHaveAccessibleDescription(/190 scenes/);
    await user.click(screen.getByRole("button", { name: "Take scenes 1-30, 33-40" }));
    expect(screen.getByRole("textbox", { name: "Scenes" })).toHaveValue("1-30, 33-40");
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

describe("what is told before the start", () => {
  it("counts scenes, shots and the length of the film", () => {
    const seconds = { p10: 60, p50: 120, p90: 180 };
    renderComponent(
      <EstimateLine estimate={{ scenes: 1, shots: 1200, film_seconds: 90, seconds, remarks: [] }} />,
    );
    expect(screen.getByLabelText("What it takes")).toHaveTextContent(
      /^1 scene, 1,200 shots, 90 s of film, ready in about/,
    );
  });

  it("counts a long film in hours", () => {
    const estimate = { scenes: 190, shots: null, film_seconds: 13_680, seconds: null, remarks: [] };
    renderComponent(<EstimateLine estimate={estimate} />);
    expect(screen.getByLabelText("What it takes")).toHaveTextContent("190 scenes, 3 h 48 min of film");
  });

  it("lists what could not be read, and no more than a screen of it", () => {
    const remarks = Array.from({ length: 10 }, (_, index) => `Line ${index + 1}: odd.`);
    renderComponent(<Remarks remarks={remarks} />);
    expect(screen.getByText("Line 8: odd.")).toBeInTheDocument();
    expect(screen.getByText("and 2 more")).toBeInTheDocument();
    expect(screen.queryByText("Line 9: odd.")).not.toBeInTheDocument();
  });
});
