"""Every kind of event with its payload, and the only function that records them.

An event is a fact of a workflow, written in the transaction that made it true and numbered under the
workflow's row, so that commit order is seq order. Snapshot + later events == later snapshot: each payload
carries what a client needs to bring its snapshot up to date (`frontend/packages/client/src/applyMessage.ts` does).
"""

from functools import partial
from typing import Annotated, Any

import msgspec
from django.db import transaction
from django.utils import timezone
from msgspec import Struct

from agents.bodies import Timestamp
from agents.choices import one_of
from agents.timestamps import iso_timestamp
from workflows import statements
from workflows.artifacts.links import signed_artifact_url
from workflows.bodies import (
    ActionName,
    ArtifactBody,
    ErrorBody,
    FilmUsage,
    OutcomeName,
    PauseModeName,
    Rerun,
    RetryReason,
    TaskBody,
    UsageBody,
    WorkflowStateName,
)
from workflows.lifecycle import TaskState
from workflows.models import Event, Workflow
from workflows.signals import event_recorded

Json = dict[str, Any]


class Payload(Struct, kw_only=True, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Base of all payloads; the tag is the event's kind."""


class GrownTask(Struct, kw_only=True, frozen=True):
    """A task that was added to the plan, at `position` among the tasks of its stage, from 0."""

    stage: str
    position: int
    task: TaskBody


class WorkflowStarted(Payload, frozen=True, tag="workflow_started"):
    """The workflow runs. State: running."""

    started_at: Timestamp


class WorkflowPausing(Payload, frozen=True, tag="workflow_pausing"):
    """Nothing new starts; `in_flight` are the tasks that still run (drain) or are being stopped (now)."""

    mode: PauseModeName
    in_flight: list[str]


class WorkflowPaused(Payload, frozen=True, tag="workflow_paused"):
    """Nothing of the workflow is running. State: paused."""


class WorkflowResumed(Payload, frozen=True, tag="workflow_resumed"):
    """It runs again, after a pause or a retry. Its error and its `finished_at` are gone."""


class WorkflowCancelling(Payload, frozen=True, tag="workflow_cancelling"):
    """What runs is being stopped."""

    in_flight: list[str]


class WorkflowCancelled(Payload, frozen=True, tag="workflow_cancelled"):
    """The workflow was cancelled. Every unfinished task and stage is cancelled, such a task's progress 0."""

    finished_at: Timestamp


class WorkflowCompleted(Payload, frozen=True, tag="workflow_completed"):
    """All tasks are completed. Progress: 1.0."""

    finished_at: Timestamp


class WorkflowFailed(Payload, frozen=True, tag="workflow_failed"):
    """A task has failed and nothing else can run. State: failed, until a retry."""

    finished_at: Timestamp
    error: ErrorBody


class WorkflowTitled(Payload, frozen=True, tag="workflow_titled"):
    """What is made has got a name: the workflow's title from now on."""

    title: str


class StageStarted(Payload, frozen=True, tag="stage_started"):
    """The first task of the stage began, or it was taken up again. Stage state: running."""

    stage: str


class StageFinished(Payload, frozen=True, tag="stage_finished"):
    """All tasks of the stage ended; none will be added."""

    stage: str
    state: Annotated[str, one_of("StageOutcome", (TaskState.COMPLETED, TaskState.FAILED))]


class PlanGrew(Payload, frozen=True, tag="plan_grew"):
    """Tasks were added, now that it is known for what (scenes, characters, shots)."""

    tasks: list[GrownTask]


class TaskStarted(Payload, frozen=True, tag="task_started"):
    """An agent took the task. Task state: running; its error and `finished_at` are gone; progress 0."""

    task: str
    agent: str
    attempt: int
    started_at: Timestamp


class TaskFinished(Payload, frozen=True, tag="task_finished"):
    """Done. Task state: completed; progress 1."""

    task: str
    agent: str
    attempt: int
    finished_at: Timestamp
    seconds: float
    message: str


class TaskFailed(Payload, frozen=True, tag="task_failed"):
    """The task failed and is not retried automatically. Task state: failed; progress 0."""

    task: str
    attempt: int
    finished_at: Timestamp
    error: ErrorBody


class TaskRetrying(Payload, frozen=True, tag="task_retrying"):
    """The task goes back to pending, its progress to 0; its `finished_at` and `error` are gone, all else stays.

    `reason`: "error" (a passing fault; `error` says which), "paused", "restart" (its server is shutting down),
    "lost" (its process died), "asked" (by a person).
    """

    task: str
    reason: RetryReason
    delay_seconds: float = 0.0
    error: ErrorBody | None = None


class TaskStalled(Payload, frozen=True, tag="task_stalled"):
    """The agent has given no sign of life since `silent_since`. The task still runs; `waiting_for` of the progress says so."""

    task: str
    agent: str
    attempt: int
    silent_since: Timestamp


class TaskResumed(Payload, frozen=True, tag="task_resumed"):
    """A stalled task gives signs of life again."""

    task: str
    agent: str
    attempt: int


class InputRequired(Payload, frozen=True, tag="input_required"):
    """The agent has asked something. Task state: input_required, until a person answers, or fails it after `until`."""

    task: str
    agent: str
    attempt: int
    question: str
    until: Timestamp


class InputGiven(Payload, frozen=True, tag="input_given"):
    """A person has answered. Task state: pending; the next attempt gets the answer."""

    task: str
    question: str
    answer: str
    by: str


class ArtifactReady(Payload, frozen=True, tag="artifact_ready"):
    """An artifact can be opened. It replaces an earlier one of the same task and name."""

    artifact: ArtifactBody


class UsageRecorded(Payload, frozen=True, tag="usage_recorded"):
    """A model was called. `usage`: what models took for the task so far, all attempts; `total`: for the workflow."""

    task: str
    attempt: int
    model: str
    usage: UsageBody
    total: FilmUsage


class ControlRequested(Payload, frozen=True, tag="control_requested"):
    """An action was accepted. `why`: the reason that the person gave, or ""."""

    request_id: str
    action: ActionName
    mode: PauseModeName
    task: str
    by: str
    why: str = ""


class ControlResolved(Payload, frozen=True, tag="control_resolved"):
    """The outcome of an action: applied | no_op | failed | superseded; `state` is that of the workflow then."""

    request_id: str
    action: ActionName
    outcome: OutcomeName
    state: WorkflowStateName
    by: str
    reason: str = ""


class WorkflowRerun(Payload, frozen=True, tag="workflow_rerun"):
    """Its owner has made a new workflow that reuses its outputs: one more of its `reruns`, of which the newest 20 are kept."""

    rerun: Rerun
    by: str


KINDS: dict[str, type[Payload]] = {kind.__struct_config__.tag: kind for kind in Payload.__subclasses__()}  # type: ignore[misc]


def record(workflow: Workflow, payload: Payload) -> Event:
    """Numbers the event. It is written at the end of the present `transitions.transition`, and sent after its commit.

    The lock on the workflow's row makes the order of the numbers that of the commits.
    """
    workflow.last_seq += 1
    data = msgspec.to_builtins(payload)
    event = Event(workflow=workflow, seq=workflow.last_seq, kind=data.pop("kind"), data=data, created_at=timezone.now())
    workflow.new_events.append(event)
    return event


def write(workflow: Workflow, progress: Json | None) -> None:
    """Writes what was recorded, at once, the last of it with `progress`; `event_recorded` is sent for each after commit."""
    recorded, workflow.new_events = workflow.new_events, []
    if recorded:
        recorded[-1].progress = progress
    for start in range(0, len(recorded), statements.ROWS_AT_ONCE):
        statements.insert(recorded[start : start + statements.ROWS_AT_ONCE])
    for event in recorded:
        transaction.on_commit(partial(_send, event))


def _send(event: Event) -> None:
    event_recorded.send_robust(sender=Event, workflow_id=str(event.workflow_id), message=as_message(event))


def as_message(event: Event) -> Json:
    """The `event` message, as sent over the socket and over HTTP. Links are signed anew each time."""
    data = event.data
    if event.kind == "artifact_ready":
        url = signed_artifact_url(str(event.workflow_id), data["artifact"]["id"])
        data = {**data, "artifact": {**data["artifact"], "url": url}}
    message = {
        "type": "event",
        "workflow_id": str(event.workflow_id),
        "seq": event.seq,
        "kind": event.kind,
        "data": data,
        "timestamp": iso_timestamp(event.created_at),
    }
    return {**message, "progress": event.progress} if event.progress else message
