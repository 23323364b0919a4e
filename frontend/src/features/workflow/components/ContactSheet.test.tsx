import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { ContactSheet } from "./ContactSheet";
import { renderComponent } from "@/testing/renderComponent";
import { BOARDS, aFailedWorkflow, aFinishedWorkflow, aWorkflow } from "@/testing/filmSamples";

it("keeps a place for every shot that is to come, and says what it will be", () => {
  renderComponent(<ContactSheet workflow={aWorkflow()} boards={BOARDS} />);
  const second = within(screen.getByRole("region", { name: "Scene 2" }));
  expect(second.getByRole("button", { name: "Shot 2.1, to come" })).toBeDisabled();
  expect(second.getByText("Tomas, soaked, at the door.")).toBeInTheDocument();
  expect(second.getByText("EXT. LIGHTHOUSE - NIGHT")).toBeInTheDocument();
});

it("describes a frame to who cannot see it", () => {
  renderComponent(<ContactSheet workflow={aWorkflow()} boards={BOARDS} />);
  expect(
    screen.getByAltText("Shot 1.1: Mara wipes the lamp; the storm leans on the window."),
  ).toBeInTheDocument();
});

it("shows on a shot's own picture that it is in work, or failed", () => {
  const { change } = renderComponent(<ContactSheet workflow={aWorkflow()} boards={BOARDS} />);
  expect(screen.getByRole("progressbar", { name: "Progress of shot 1.3" })).toHaveAttribute(
    "aria-valuenow",
    "50",
  );
  change(<ContactSheet workflow={aFailedWorkflow()} boards={BOARDS} />);
  expect(screen.getByRole("button", { name: "Shot 1.3, to come" })).toHaveTextContent("Failed");
});

it("enlarges a picture; the arrow keys go on, Escape goes back", async () => {
  const { user } = renderComponent(<ContactSheet workflow={aWorkflow()} boards={BOARDS} />);
  await user.click(screen.getByRole("button", { name: "Enlarge shot 1.1" }));
  const large = within(await screen.findByRole("dialog"));
  expect(large.getByText("Shot 1.1 · 4 of 5")).toBeInTheDocument();
  await user.keyboard("{ArrowRight}");
  expect(large.getByText("The bottle rolls against her boot.")).toBeInTheDocument();
  expect(large.getByRole("button", { name: "Next" })).toBeDisabled();
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  expect(large.getByAltText("MARA, back")).toBeInTheDocument();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

it("plays a shot's clip in place, and shows what is said in it", async () => {
  const { user } = renderComponent(<ContactSheet workflow={aFinishedWorkflow()} boards={BOARDS} />);
  await user.click(screen.getByRole("button", { name: "Enlarge shot 2.1" }));
  const large = within(await screen.findByRole("dialog"));
  expect(large.getByText("TOMAS: You have to light it. Now.")).toBeInTheDocument();
  await user.click(large.getByRole("button", { name: "Play the clip" }));
  expect(large.getByLabelText("Clip of Shot 2.1")).toHaveAttribute(
    "src",
    expect.stringContaining("clip.mp4"),
  );
});
