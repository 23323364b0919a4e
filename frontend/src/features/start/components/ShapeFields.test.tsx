import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { limitsOf } from "../inputLimits";
import { renderComponent } from "@/testing/renderComponent";
import { IdeaForm, type IdeaInput } from "./IdeaForm";

const PIPELINE = {
  name: "idea2video",
  title: "",
  description: "",
  stages: [],
  lacks: [],
  steps: [],
  input_schema: {
    properties: {
      format: { enum: ["16:9", "9:16", "1:1"], default: "16:9", title: "Format" },
      resolution: { enum: ["720p", "1080p"], default: "720p", title: "Resolution" },
      seconds: { type: "integer", minimum: 0, maximum: 3600, default: 0, title: "Length" },
    },
  },
};

function form(onStart: (input: IdeaInput) => void, initial: Partial<IdeaInput> = {}, pipeline = PIPELINE) {
  const limits = limitsOf(undefined, "idea2video", "idea");
  const errors = { format: "No such format." };
  return (
    <IdeaForm
      limits={limits}
      pipeline={pipeline}
      initial={{ idea: "A fox", ...initial }}
      isSending={false}
      errors={errors}
      onStart={onStart}
    />
  );
}

it("sends what is chosen of shape and length, and nothing of what is as usual", async () => {
  const onStart = vi.fn<(input: IdeaInput) => void>();
  const { user } = renderComponent(form(onStart));
  const start = () => user.click(screen.getByRole("button", { name: "Make the video" }));
  expect(screen.getByRole("radio", { name: "Wide 16:9" })).toBeChecked();
  expect(screen.getByRole("alert")).toHaveTextContent("No such format.");
  await start();
  expect(onStart).toHaveBeenLastCalledWith({ idea: "A fox", scenes: 3 });

  screen.getByRole("radio", { name: "Wide 16:9" }).focus();
  await user.keyboard("{ArrowDown}");
  expect(screen.getByRole("radio", { name: "Portrait 9:16" })).toBeChecked();
  await user.selectOptions(screen.getByRole("combobox", { name: "Resolution" }), "1080p");
  await user.type(screen.getByRole("textbox", { name: "Length in seconds" }), "45");
  await start();
  const chosen = { format: "9:16", resolution: "1080p", seconds: 45 };
  expect(onStart).toHaveBeenLastCalledWith({ idea: "A fox", scenes: 3, ...chosen });

  await user.click(screen.getByRole("radio", { name: "Wide 16:9" }));
  await user.clear(screen.getByRole("textbox", { name: "Length in seconds" }));
  await start();
  expect(onStart).toHaveBeenLastCalledWith({ idea: "A fox", scenes: 3, resolution: "1080p" });
});

it("begins with the shape of the film before, and asks only for what the pipeline takes", () => {
  const { change } = renderComponent(
    form(vi.fn<(input: IdeaInput) => void>(), { format: "1:1", seconds: 30 }),
  );
  expect(screen.getByRole("radio", { name: "Square 1:1" })).toBeChecked();
  expect(screen.getByRole("textbox", { name: "Length in seconds" })).toHaveValue("30");
  const bare = { ...PIPELINE, input_schema: { properties: {} as never } };
  change(form(vi.fn<(input: IdeaInput) => void>(), {}, bare));
  expect(screen.queryByRole("radio", { name: "Wide 16:9" })).not.toBeInTheDocument();
  expect(screen.getByRole("switch", { name: /Sound/ })).toBeInTheDocument();
});
