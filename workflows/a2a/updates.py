"""What happens to a workflow as the protocol's updates of its task. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from a2a.types.a2a_pb2 import TaskArtifactUpdateEvent, TaskState, TaskStatusUpdateEvent
from django.utils import timezone

from agents import registry
from workflows.a2a import profile, tasks
from workflows.a2a.models import A2ATask
from workflows.lifecycle import FINAL_STATES, WorkflowState
from workflows.models import Event, Workflow

EVENTS_AT_ONCE: Final = 500

Json = dict[str, Any]
Update = TaskStatusUpdateEvent | TaskArtifactUpdateEvent


@dataclass(frozen=True, slots=True)
class News:
    """An update, and the seq of the event that it follows from; a progress has that of the last event before it."""

    seq: int
    update: Update
    is_progress: bool = False

    @property
    def state(self) -> int | None:
        """The task's new state; None for an artifact."""
        return self.update.status.state if isinstance(self.update, TaskStatusUpdateEvent) else None


@dataclass(frozen=True, slots=True)
class Position:
    """Up to where the updates of a task were read: the seq of an event, and the progress that was shown."""

    seq: int
    fraction: float = -1.0
    text: str = ""
    is_current: bool = True  # false: there is more to read already


def position_of(row: A2ATask) -> Position:
    """Where the task is now.

    Raises: Workflow.DoesNotExist.
    """
    workflow = Workflow.objects.get(pk=row.pk)
    return Position(workflow.last_seq, *tasks.progress_of(workflow))


def after(row: A2ATask, position: Position) -> tuple[list[News], Position]:
    """The updates after `position`, without the beginning of their links, and the new position.

    Raises: Workflow.DoesNotExist.
    """
    events = list(Event.objects.filter(workflow=row.pk, seq__gt=position.seq).order_by("seq")[:EVENTS_AT_ONCE])
    workflow = Workflow.objects.get(pk=row.pk)
    news = [one for event in events for one in _of_event(row, workflow, event)]
    seq = events[-1].seq if events else position.seq
    fraction, text = tasks.progress_of(workflow)
    is_current = seq == workflow.last_seq
    has_moved = (fraction, text) != (position.fraction, position.text)
    if is_current and has_moved and workflow.state not in FINAL_STATES and not tasks.question_of(workflow):
        news.append(_progress(row, workflow, fraction, text))
    if is_current:
        return news, Position(seq, fraction, text)
    return news, Position(seq, position.fraction, position.text, is_current=False)


def _progress(row: A2ATask, workflow: Workflow, fraction: float, text: str) -> News:
    state = tasks.STATES[WorkflowState(workflow.state)]
    status = tasks.status(row, state, text, timezone.now(), f"{workflow.last_seq}-{fraction}")
    metadata = {profile.PROGRESS: {"fraction": fraction}, **tasks.usage_of(workflow)}
    update = TaskStatusUpdateEvent(task_id=str(row.pk), context_id=row.context_id, status=status, metadata=metadata)
    return News(workflow.last_seq, update, is_progress=True)


def _of_event(row: A2ATask, workflow: Workflow, event: Event) -> Iterator[News]:
    data: Json = event.data
    match event.kind:
        case "artifact_ready":
            yield _artifact(row, event, tasks.file_artifact(row, data["artifact"], base=""))
        case "workflow_completed":
            yield _artifact(row, event, tasks.output_artifact(workflow))
            yield _status(row, workflow, event, TaskState.TASK_STATE_COMPLETED, tasks.outcome_of(workflow))
        case "workflow_failed":
            yield _status(row, workflow, event, TaskState.TASK_STATE_FAILED, data["error"]["message"])
        case "workflow_cancelled":
            yield _status(row, workflow, event, TaskState.TASK_STATE_CANCELED, "It was cancelled.")
        case "input_required":
            yield _status(row, workflow, event, TaskState.TASK_STATE_INPUT_REQUIRED, data["question"])
        case _ if text := _told(event):
            yield _status(row, workflow, event, TaskState.TASK_STATE_WORKING, text)


def _told(event: Event) -> str:
    """What the event means, for people; "" for what they need not know."""
    data: Json = event.data
    match event.kind:
        case "task_started":
            return f"{registry.title_of(data['agent'])} is at work"
        case "task_finished":
            return str(data["message"])
        case "task_retrying" if data["error"]:
            return f"It is tried again: {data['error']['message']}"
        case "workflow_paused":
            return "It is paused."
        case "workflow_resumed":
            return "It goes on."
        case _:
            return ""


def _status(row: A2ATask, workflow: Workflow, event: Event, state: TaskState, text: str) -> News:
    status = tasks.status(row, state, text, event.created_at, event.seq)
    metadata = tasks.usage_of(workflow)
    update = TaskStatusUpdateEvent(task_id=str(row.pk), context_id=row.context_id, status=status, metadata=metadata)
    return News(event.seq, update)


def _artifact(row: A2ATask, event: Event, artifact: Any) -> News:  # noqa: ANN401 - of a type without stubs
    update = TaskArtifactUpdateEvent(task_id=str(row.pk), context_id=row.context_id, artifact=artifact, last_chunk=True)
    return News(event.seq, update)


def with_base(update: Update, base: str) -> Update:
    """The update with whole links, which begin with `base`."""
    if isinstance(update, TaskArtifactUpdateEvent) and any(part.url for part in update.artifact.parts):
        copy = TaskArtifactUpdateEvent()
        copy.CopyFrom(update)
        for part in copy.artifact.parts:
            part.url = base + part.url
        return copy
    return update
