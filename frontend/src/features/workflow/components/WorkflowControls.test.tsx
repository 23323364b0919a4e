import { screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import type { Action, WorkflowState } from "@callboard/client";
import { renderComponent } from "@/testing/renderComponent";
import { aFailedWorkflow, aWorkflow } from "@/testing/filmSamples";
import { WorkflowControls } from "./WorkflowControls";

type OnControl = Parameters<typeof WorkflowControls>[0]["onControl"];

function controls(state: WorkflowState, onControl = vi.fn<OnControl>(), pending: Action | null = null) {
  const workflow = aWorkflow({ state });
  return <WorkflowControls workflow={workflow} pending={pending} notice={null} onControl={onControl} />;
}

const offered = () => screen.queryAllByRole("button").map((button) => button.textContent);

it.each<[WorkflowState, string[]]>([
  ["pending", ["Pause", "Cancel"]],
  ["running", ["Pause", "Cancel"]],
  ["pausing", ["Keep going", "Stop at once", "Cancel"]],
  ["paused", ["Resume", "Cancel"]],
  ["cancelling", []],
  ["cancelled", []],
  ["completed", []],
])("a workflow that is %s offers %j", (state, buttons) => {
  renderComponent(controls(state));
  expect(offered()).toEqual(buttons);
});

it("says what is in flight before one chooses how to pause", async () => {
  const onControl = vi.fn<OnControl>();
  const { user } = renderComponent(controls("running", onControl));
  await user.click(screen.getByRole("button", { name: "Pause" }));
  expect(screen.getByText("Running: portraits of character 2, takes of shot 1.3")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: /Finish these, then pause/ }));
  expect(onControl).toHaveBeenCalledWith("pause", { mode: "drain" });
});

it("can stop at once instead, also while it drains", async () => {
  const onControl = vi.fn<OnControl>();
  const { user, change } = renderComponent(controls("running", onControl));
  await user.click(screen.getByRole("button", { name: "Pause" }));
  await user.click(screen.getByRole("button", { name: /Stop now/ }));
  change(controls("pausing", onControl));
  await user.click(screen.getByRole("button", { name: "Stop at once" }));
  expect(onControl.mock.calls).toEqual([
    ["pause", { mode: "now" }],
    ["pause", { mode: "now" }],
  ]);
});

it("asks before it cancels", async () => {
  const onControl = vi.fn<OnControl>();
  const { user } = renderComponent(controls("running", onControl));
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.click(await screen.findByRole("button", { name: "Keep it" }));
  expect(onControl).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.click(await screen.findByRole("button", { name: "Cancel the workflow" }));
  expect(onControl).toHaveBeenCalledWith("cancel");
});

it("offers to retry what failed, in a failed workflow as in a running one", () => {
  const failed = aFailedWorkflow();
  const { change } = renderComponent(
    <WorkflowControls workflow={failed} pending={null} notice={null} onControl={vi.fn<OnControl>()} />,
  );
  expect(offered()).toEqual(["Retry 2 failed tasks"]);
  change(
    <WorkflowControls
      workflow={{ ...failed, state: "running", finished_at: null }}
      pending={null}
      notice={null}
      onControl={vi.fn<OnControl>()}
    />,
  );
  expect(offered()).toEqual(["Pause", "Retry 2 failed tasks", "Cancel"]);
});

it("cannot be asked twice while the answer is on its way", () => {
  renderComponent(controls("paused", vi.fn<OnControl>(), "resume"));
  expect(screen.getByRole("button", { name: "Resume" })).toBeDisabled();
});

it("keeps the focus among the buttons when the one that was pressed is gone", async () => {
  const { user, change } = renderComponent(controls("running"));
  await user.click(screen.getByRole("button", { name: "Pause" }));
  await user.click(screen.getByRole("button", { name: /Finish these, then pause/ }));
  await waitFor(() => expect(screen.getByRole("button", { name: "Pause" })).toHaveFocus());
  change(controls("pausing"));
  expect(screen.getByRole("button", { name: "Keep going" })).toHaveFocus();
});

it("says a refusal", () => {
  const notice = { text: "Pause was refused. It is over.", tone: "bad" as const };
  renderComponent(
    <WorkflowControls workflow={aWorkflow()} pending={null} notice={notice} onControl={vi.fn<OnControl>()} />,
  );
  expect(screen.getByRole("status")).toHaveTextContent("Pause was refused. It is over.");
});

it("offers to try again what could not be sent", async () => {
  const onRetry = vi.fn<() => void>();
  const notice = { text: "Pause was not sent: there was no connection.", tone: "bad" as const, onRetry };
  const { user } = renderComponent(
    <WorkflowControls workflow={aWorkflow()} pending={null} notice={notice} onControl={vi.fn<OnControl>()} />,
  );
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(onRetry).toHaveBeenCalledOnce();
});
