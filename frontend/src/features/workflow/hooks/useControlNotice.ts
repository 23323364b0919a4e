import { useEffect, useState } from "react";

import { type Action, capitalize, type WorkflowSnapshot } from "@callboard/client";
import { type Control, type ControlReport, useConnection, useControl } from "@callboard/react";
import type { ControlNotice } from "../components/WorkflowControls";

/** A success is hidden after this time; a refusal stays until the next request. */
const SHOWN_MS = 8000;

interface NoticedControl {
  send: Control["send"];
  /** The action that was requested last and has no outcome yet. */
  requested: Action | null;
  /** What became of the last request, for people. */
  notice: ControlNotice | null;
}

/** Controls a workflow, and says what became of it: also that a request could not be sent, and is not going to be. */
export function useControlNotice(workflow: WorkflowSnapshot): NoticedControl {
  const { send, retry, pending, lastResult } = useControl(workflow.id);
  const { state } = useConnection();
  const isConnected = state === "live" || state === "polling";
  const requested = pending.at(-1) ?? null;
  const report = useAutoHide(lastResult);
  if (requested) return { send, requested, notice: pendingNotice(workflow, requested, isConnected) };
  return { send, requested, notice: report && reportNotice(report, retry) };
}

function useAutoHide(report: ControlReport | null): ControlReport | null {
  const [hidden, setHidden] = useState<ControlReport | null>(null);
  useEffect(() => {
    if (report?.outcome !== "applied" && report?.outcome !== "no_op") return undefined;
    const timer = setTimeout(() => setHidden(report), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [report]);
  return report === hidden ? null : report;
}

function pendingNotice(
  { state }: WorkflowSnapshot,
  requested: Action,
  isConnected: boolean,
): ControlNotice | null {
  const action = capitalize(requested);
  if (!isConnected)
    return {
      text: `${action} has not been sent: there is no connection. It is dropped if none comes back within 30 s.`,
      tone: "wait",
    };
  // The state shows already that it was accepted, and what it waits for.
  const isVisible =
    (requested === "pause" && state === "pausing") || (requested === "cancel" && state === "cancelling");
  if (isVisible) return null;
  return { text: `${action} was requested. Waiting for it to take effect.`, tone: "wait" };
}

function reportNotice(report: ControlReport, retry: () => void): ControlNotice {
  const action = capitalize(report.action);
  switch (report.outcome) {
    case "applied":
      return { text: `${action} took effect.`, tone: "ok" };
    case "no_op":
      return {
        text: `Nothing to do: the workflow is already in this state.${because(report)}`,
        tone: "mute",
      };
    case "superseded":
      return { text: `${action} was superseded by another request.${because(report)}`, tone: "wait" };
    case "not_sent":
      return { text: `${action} was not sent: there was no connection.`, tone: "bad", onRetry: retry };
    case "unanswered":
      return {
        text: `${action} was sent, but the server did not answer: it may or may not have arrived.`,
        tone: "bad",
        onRetry: retry,
      };
    case "rejected":
    case "failed":
    case "abandoned":
    default:
      return { text: `${action} was refused.${because(report)}`, tone: "bad" };
  }
}

function because({ reason }: ControlReport): string {
  return reason ? ` ${reason}` : "";
}
