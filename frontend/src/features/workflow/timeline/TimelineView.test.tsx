import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { EventMessage } from "@callboard/client";
import { anArtifact, anEvent, aWorkflow, viewOf } from "@/testing/filmSamples";
import { renderComponent } from "@/testing/renderComponent";
import TimelineView from "./TimelineView";

const MOMENT = "2026-03-01T10:00:00.000Z";
const EVENTS: EventMessage[] = [
  anEvent(1, "task_started", {
    task: "frames/1.1",
    agent: "best_image_selector",
    attempt: 1,
    started_at: MOMENT,
  }),
  anEvent(2, "task_finished", {
    task: "frames/1.1",
    agent: "best_image_selector",
    attempt: 1,
    finished_at: "2026-03-01T10:00:03.000Z",
    seconds: 3,
    message: "Take 2 is the sharpest.",
  }),
  anEvent(3, "task_started", { task: "clip/1.1", agent: "clip_maker", attempt: 2, started_at: MOMENT }),
  anEvent(4, "task_failed", {
    task: "clip/1.1",
    attempt: 2,
    finished_at: "2026-03-01T10:00:04.000Z",
    error: { type: "AgentError", message: "The lens is broken.", retryable: false },
  }),
];

function show() {
  const workflow = aWorkflow({ artifacts: [anArtifact("frames/1.1", "frame.png", "frame")] });
  return renderComponent(<TimelineView {...viewOf(workflow)} events={EVENTS} />);
}

describe("the timeline", () => {
  it("tells of each attempt what its agent said, why it ended, and what was made, by the arrow keys alone", async () => {
    const { user } = show();
    screen.getByRole("application").focus();
    await user.keyboard("{ArrowRight}");
    expect(screen.getByText("“Take 2 is the sharpest.”")).toBeInTheDocument();
    expect(screen.getByRole("img", { name: /choice of take for shot 1.1/i })).toBeInTheDocument();
    await user.keyboard("{ArrowDown}");
    expect(screen.getByText("The lens is broken.")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Show the page as it was then" })).toHaveAttribute(
      "href",
      "/?at=3",
    );
  });

  it("is a table, too", async () => {
    const { user } = show();
    await user.click(screen.getByRole("radio", { name: "Table" }));
    const [, newest] = within(screen.getByRole("table")).getAllByRole("row");
    expect(newest).toHaveTextContent(/Clip maker.*failed.*The lens is broken\./);
  });
});

it("says so when nobody has begun", () => {
  renderComponent(<TimelineView {...viewOf(aWorkflow())} />);
  expect(screen.getByText("Nobody has begun to work yet.")).toBeInTheDocument();
});
