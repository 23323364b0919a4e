"""Changes workflows: each change is a transition, one transaction that holds the lock on the workflow.

The decision, the changes, what follows from them, and the events that record them are committed together. `advance` is
idempotent: it brings tasks, stages and state in line with each other.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from accounts import audit
from agents.timestamps import iso_timestamp
from workflows import events, graph_cache, progress, statements
from workflows.bodies import ErrorBody
from workflows.errors import WorkflowBroken
from workflows.events import record
from workflows.graph import Node, TaskGraph
from workflows.graph_cache import graph_of
from workflows.lifecycle import (
    LEAVING_OFF,
    UNFINISHED_TASKS,
    Action,
    AttemptState,
    TaskState,
    WorkflowState,
    can_transition,
)
from workflows.locking import ADVANCED_COLUMNS, locked_workflow
from workflows.models import Attempt, Control, Task, Workflow
from workflows.signals import work_became_ready

log = logging.getLogger(__name__)

RESULT_COLUMNS = ["outcome", "resolved_state", "resolved_seq", "resolved_reason", "resolved_at"]  # of a Control

# The columns of a task that goes back to `ready`.
RESET_TASK: dict[str, Any] = {
    "error": None,
    "finished_at": None,
    "not_before": None,
    "progress": 0.0,
    "question": "",
    "answer_until": None,
}


@contextmanager
def transition(workflow_id: UUID | str) -> Iterator[Workflow]:
    """A transaction that changes one workflow: yields it locked, and in the end calls `advance` and writes the events.

    So what follows from the change (tasks that became ready, stages and states) is part of the same transaction.
    On an error everything is rolled back, in memory too.
    Raises: TargetNotFound.
    """
    try:
        with locked_workflow(workflow_id) as workflow:
            yield workflow
            advance(workflow)
            _write(workflow)
    except BaseException:
        progress.forget(str(workflow_id))
        graph_cache.forget(str(workflow_id))
        raise


def _write(workflow: Workflow) -> None:
    """Writes what the transition has changed in memory. After commit go out: the events, then the progress, then hints."""
    events.write(workflow, progress.recorded(workflow))
    _write_columns(workflow)
    graph_cache.keep(workflow)
    transaction.on_commit(partial(progress.announce, str(workflow.pk)))
    if workflow.has_new_work or workflow.frees_agent:
        whose = "" if workflow.frees_agent else str(workflow.pk)
        transaction.on_commit(partial(work_became_ready.send_robust, sender=Workflow, workflow_id=whose))


def _write_columns(workflow: Workflow) -> None:
    """Writes the columns that differ from those that were read."""
    columns = {name: value for name in ADVANCED_COLUMNS if (value := getattr(workflow, name)) != workflow.read[name]}
    if columns:
        statements.update(Workflow, {"pk": workflow.pk}, columns)


def advance(workflow: Workflow) -> None:
    """Brings tasks, stages and state in line with each other. Idempotent; to be called only inside `transition`.

    `follow_up` is called in between: when it is known which tasks are ready, and before the workflow may end.
    A workflow that cannot be advanced fails; it must not stop the others by being tried again and again.
    """
    try:
        _advance(workflow, graph_of(workflow))
    except WorkflowBroken as error:
        _end_broken(workflow, error)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        log.exception("A workflow cannot be advanced.", extra={"workflow": str(workflow.pk)})
        _end_broken(workflow, WorkflowBroken(f"Its rows are damaged, or of another version ({type(error).__name__})."))


def _advance(workflow: Workflow, graph: TaskGraph) -> None:
    if unblocked := graph.unblocked():
        _set_ready(workflow, graph, unblocked)
    _finish_stages(workflow, graph)
    if workflow.follow_up:
        workflow.follow_up(workflow)
    _update_state(workflow, graph)
    progress.update(workflow, graph)


ROWS_AT_ONCE = 1_000  # SQLite has a limit for the parameters of a query


def _set_ready(workflow: Workflow, graph: TaskGraph, unblocked: list[Node]) -> None:
    for start in range(0, len(unblocked), ROWS_AT_ONCE):
        rows = Task.objects.filter(pk__in=[node.pk for node in unblocked[start : start + ROWS_AT_ONCE]])
        rows.update(state=TaskState.READY, changed_seq=workflow.first_new_seq)
    for node in unblocked:
        graph.set_state(node, TaskState.READY)
    workflow.has_new_work = True


def set_task(workflow: Workflow, key: str, state: TaskState, **columns: Any) -> None:
    """Sets the state of a task, and other columns. To be called only inside `transition`."""
    changed = {"state": state, "changed_seq": workflow.first_new_seq, **columns}
    statements.update(Task, {"workflow": workflow.pk, "key": key}, changed)
    workflow.has_new_work |= state == TaskState.READY
    with suppress(WorkflowBroken):  # `advance` will say so
        graph = graph_of(workflow)
        graph.set_state(graph.by_key[key], state, columns.get("not_before"))


def _end_broken(workflow: Workflow, error: WorkflowBroken) -> None:
    """Ends a workflow that this version cannot go on with, as soon as nothing of it runs."""
    if running_attempts(workflow).exists():
        return
    if not isinstance(workflow.stages, dict):
        workflow.stages = {}
    match WorkflowState(workflow.state):
        case WorkflowState.CANCELLING:
            _set_cancelled(workflow)
        case WorkflowState.PENDING | WorkflowState.RUNNING | WorkflowState.PAUSING:
            _end_failed(workflow, ErrorBody(type=error.error_type, message=error.message))
            resolve(workflow, Action.PAUSE, "superseded", "It failed before it could pause.")
        case _:
            return
    workflow.message = error.message[: progress.MESSAGE_LENGTH]


def _finish_stages(workflow: Workflow, graph: TaskGraph) -> None:
    for stage, state in workflow.stages.items():
        if state in UNFINISHED_TASKS and graph.is_over(stage):  # one without tasks never runs
            set_stage(workflow, stage, TaskState.COMPLETED)


def set_stage(workflow: Workflow, stage: str, state: TaskState) -> None:
    """Sets a stage's state and records the event, unless it has that state already."""
    if workflow.stages.get(stage) == state:
        return
    workflow.stages[stage] = state.value
    is_start = state == TaskState.RUNNING
    record(workflow, events.StageStarted(stage=stage) if is_start else events.StageFinished(stage=stage, state=state))


def _update_state(workflow: Workflow, graph: TaskGraph) -> None:
    is_idle = not graph.running
    match WorkflowState(workflow.state):
        # A task of a cancelled workflow stays `running` in the graph when its attempt has ended.
        case WorkflowState.CANCELLING if is_idle or not running_attempts(workflow).exists():
            _set_cancelled(workflow)
        case WorkflowState.RUNNING | WorkflowState.PAUSING if all(graph.is_over(stage) for stage in workflow.stages):
            _set_completed(workflow)
        case WorkflowState.PAUSING if is_idle:
            set_state(workflow, WorkflowState.PAUSED)
            record(workflow, events.WorkflowPaused())
            resolve(workflow, Action.PAUSE, "applied", _stuck_reason(workflow))
        case WorkflowState.RUNNING if is_idle and graph.count(TaskState.FAILED) and not _goes_on(graph):
            _set_failed(workflow)
        case _:
            pass


def _goes_on(graph: TaskGraph) -> bool:
    """Whether something of it will still run, by itself or after an answer."""
    return graph.count(TaskState.READY) + graph.count(TaskState.INPUT_REQUIRED) > 0


def set_state(workflow: Workflow, state: WorkflowState) -> None:
    """Sets the workflow's state (unsaved).

    Raises: RuntimeError when `lifecycle.TRANSITIONS` does not allow it.
    """
    if not can_transition(workflow.state, state):
        raise RuntimeError(f"A workflow that is {workflow.state} cannot be set to {state}.")
    workflow.state = state


def _set_completed(workflow: Workflow) -> None:
    set_state(workflow, WorkflowState.COMPLETED)
    workflow.finished_at = timezone.now()
    record(workflow, events.WorkflowCompleted(finished_at=iso_timestamp(workflow.finished_at)))
    resolve(workflow, Action.PAUSE, "superseded", "It was completed before it could pause.")


def _set_cancelled(workflow: Workflow) -> None:
    set_state(workflow, WorkflowState.CANCELLED)
    workflow.finished_at = timezone.now()
    unfinished = workflow.tasks.filter(state__in=UNFINISHED_TASKS)
    withdraw(unfinished)
    unfinished.update(state=TaskState.CANCELLED, progress=0.0, changed_seq=workflow.first_new_seq, question="")
    with suppress(WorkflowBroken):
        graph = graph_of(workflow)
        for node in graph.nodes:
            if node.state in UNFINISHED_TASKS:
                graph.set_state(node, TaskState.CANCELLED)
    workflow.stages = {
        stage: TaskState.CANCELLED.value if state in UNFINISHED_TASKS else state
        for stage, state in workflow.stages.items()
    }
    record(workflow, events.WorkflowCancelled(finished_at=iso_timestamp(workflow.finished_at)))
    resolve(workflow, Action.CANCEL, "applied", _stuck_reason(workflow))


def _set_failed(workflow: Workflow) -> None:
    failed = list(workflow.tasks.filter(state=TaskState.FAILED).only("stage", "error"))
    for stage in dict.fromkeys(task.stage for task in failed):
        set_stage(workflow, stage, TaskState.FAILED)
    first = failed[0].error or {}
    others = f" {len(failed) - 1} more failed." if len(failed) > 1 else ""
    error = ErrorBody(
        type=first.get("type", "AgentError"),
        message=f"{first.get('message', '')}{others}",
        retryable=bool(first.get("retryable")),
    )
    _end_failed(workflow, error)


def _end_failed(workflow: Workflow, error: ErrorBody) -> None:
    set_state(workflow, WorkflowState.FAILED)
    workflow.error, workflow.finished_at = msgspec.to_builtins(error), timezone.now()
    record(workflow, events.WorkflowFailed(finished_at=iso_timestamp(workflow.finished_at), error=error))


def withdraw(tasks: QuerySet[Task]) -> None:
    """Nobody waits any more for what attempts at these tasks have left with remote agents: those will be told."""
    left = Attempt.objects.filter(task__in=tasks, state__in=LEAVING_OFF).exclude(remote_task="")
    left.update(is_to_withdraw=True)


def running_attempts(workflow: Workflow) -> QuerySet[Attempt]:
    """The attempts at its tasks that run now, in any process."""
    return Attempt.objects.filter(task__workflow=workflow, state=AttemptState.RUNNING)


def _stuck_reason(workflow: Workflow) -> str:
    """Who was given up and still runs somewhere, as a sentence; "" when everything has stopped."""
    # The end of the lease of any other attempt is that of the attempt, however the clocks differ.
    stuck = Attempt.objects.filter(
        task__workflow=workflow, finished_at__isnull=False, lease_until__gt=Greatest(Now(), F("finished_at"))
    )
    agents = ", ".join(sorted(set(stuck.values_list("agent", flat=True))))
    return f"{agents} did not stop and was given up: what is still done there changes nothing." if agents else ""


def resolve(workflow: Workflow, action: Action, outcome: str, reason: str = "") -> None:
    """Sets the outcome of every accepted request for `action` that has none yet, and records the events."""
    for control in workflow.controls.filter(action=action, status="accepted", outcome=""):
        resolve_one(workflow, control, outcome, reason)


def resolve_one(workflow: Workflow, control: Control, outcome: str, reason: str = "") -> None:
    """Sets the outcome of one request, and records the event."""
    event = record(
        workflow,
        events.ControlResolved(
            request_id=control.request_id,
            action=control.action,
            outcome=outcome,
            state=workflow.state,
            by=control.by.username,
            reason=reason,
        ),
    )
    control.outcome, control.resolved_state, control.resolved_reason = outcome, workflow.state, reason
    control.resolved_seq, control.resolved_at = event.seq, event.created_at
    control.save(update_fields=RESULT_COLUMNS)
    audit.record(
        "controlled",
        user=control.by.username,
        subject=f"workflow {workflow.pk}",
        outcome=f"{control.action}: {outcome}, {workflow.state}",
    )
