import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { agent, task, workflow } from "@/testing/samples";
import { AgentStatusCard } from "./AgentStatusCard";
import { WorkflowProgress } from "./WorkflowProgress";

const ETA = { p10: 60, p50: 100, p90: 170, late: false };

describe("WorkflowProgress", () => {
  it("says what the workflow does, and how long it will", () => {
    render(<WorkflowProgress workflow={workflow({ eta: ETA })} />);
    expect(screen.getByRole("region", { name: "A lighthouse keeper" })).toHaveTextContent("Running");
    expect(screen.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "25");
    expect(screen.getByText("Draw: 1 of 2")).toBeInTheDocument();
    expect(screen.getByText("about 2–3 min left")).toBeInTheDocument();
  });

  it("says what it waits for, and then not how long it takes", () => {
    const waiting_for = { kind: "agent", text: "Camera: switched off by olga", until: null } as const;
    const waiting = workflow({
      eta: ETA,
      waiting_for: { ...waiting_for, agent: "camera", task: "clip/1" },
      stages: [{ name: "Clips", state: "running", progress: 0, tasks: [task("clip/1")], folded: null }],
    });
    render(<WorkflowProgress workflow={waiting} />);
    expect(screen.getByText("Camera: switched off by olga")).toBeInTheDocument();
    expect(screen.queryByText(/left/)).not.toBeInTheDocument();
  });

  it("says that it may be out of date, and how long a finished one took", () => {
    render(
      <WorkflowProgress isStale workflow={workflow({ state: "completed", progress: 1, elapsed: 161 })} />,
    );
    expect(screen.getByText(/may be out of date/)).toBeInTheDocument();
    expect(screen.getByText("took 2:41")).toBeInTheDocument();
  });
});

describe("AgentStatusCard", () => {
  it("shows the status and the figures, and opens", async () => {
    const onOpen = vi.fn<() => void>();
    render(<AgentStatusCard agent={agent("video_editor")} onOpen={onOpen} />);
    expect(screen.getByRole("article", { name: "Video editor" })).toHaveTextContent(
      /Idle.*42.*4\.8 %.*1\.2 s/,
    );
    await userEvent.click(screen.getByRole("button", { name: "Video editor" }));
    expect(onOpen).toHaveBeenCalledOnce();
  });

  it("says why an agent is off", () => {
    render(<AgentStatusCard agent={agent("camera", { enabled: false, reason: "The lens is broken" })} />);
    expect(screen.getByRole("article")).toHaveTextContent(/Off.*The lens is broken/);
    expect(screen.queryByRole("button")).not.toBeInTheDocument();
  });
});
