"""What came of an attempt, made true: completed, failed, interrupted, lost. The first outcome counts, later ones do nothing."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from django.utils import timezone

from agents import metrics
from agents.contract import AgentError, Outcome, UnusableInput
from agents.timestamps import iso_timestamp
from workflows import coordinator, events, pipelines, progress
from workflows.events import ErrorBody, record
from workflows.graph import grown_tasks
from workflows.lifecycle import AttemptState, TaskState, WorkflowState
from workflows.models import Attempt, Task, Workflow
from workflows.snapshots import grown_bodies

Json = dict[str, Any]

FAILURES_LIMIT = 3  # passing faults of a task before it has failed
LOSSES_LIMIT = 5  # processes that a task may take down with it
FIRST_BACKOFF_SECONDS = 1.0  # doubled with each failure


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt in the hands of a runner: all that it takes to carry it out."""

    attempt: int  # primary key
    workflow: str
    task: str
    skill: str
    agent: str
    number: int
    input: Mapping[str, Any]
    started_at: float  # time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return time.monotonic() - self.started_at


def completed(claim: Claim, outcome: Outcome) -> None:
    """The agent did it: the output is kept, and the plan grows by what it asks for."""
    with coordinator.transition(claim.workflow) as workflow:
        task = _end(claim.attempt, AttemptState.COMPLETED, seconds=claim.seconds)
        if task is None:
            return
        output, now = msgspec.to_builtins(outcome.output), timezone.now()
        _put(task, state=TaskState.COMPLETED, output=output, progress=1.0, finished_at=now)
        progress.set_message(claim.workflow, task.step, outcome.message)
        record(
            workflow,
            events.TaskFinished(
                task=task.key,
                agent=claim.agent,
                attempt=claim.number,
                finished_at=iso_timestamp(now),
                seconds=round(claim.seconds, 3),
                message=outcome.message,
            ),
        )
        _grow(workflow, task, output)
        metrics.call_finished(claim.agent, claim.seconds)


def _grow(workflow: Workflow, task: Task, output: Json) -> None:
    grown = grown_tasks(workflow, pipelines.get(workflow.pipeline), task, output)
    if grown:
        Task.objects.bulk_create(grown)
        record(workflow, events.PlanGrew(tasks=grown_bodies(workflow, grown)))


def failed(claim: Claim, error: AgentError) -> None:
    """The agent could not: try again later if the fault may pass, else the task has failed."""
    with coordinator.transition(claim.workflow) as workflow:
        body = ErrorBody(type="AgentError", message=error.message, retryable=error.retryable)
        task = _end(claim.attempt, AttemptState.FAILED, seconds=claim.seconds, error=body)
        if task is None:
            return
        task.failure_count += 1
        if error.retryable and task.failure_count < FAILURES_LIMIT:
            backoff = FIRST_BACKOFF_SECONDS * 2 ** (task.failure_count - 1)
            _again(workflow, task, "error", delay=max(backoff, error.retry_after or 0.0), error=body)
        else:
            _fail(workflow, task, body)
        is_fault = not isinstance(error, UnusableInput)
        metrics.call_finished(claim.agent, claim.seconds, error=error.message, is_fault=is_fault)


def interrupted(claim: Claim, reason: str) -> None:
    """It stopped because it was asked to ("paused" or "restart"); nobody's fault, and counted as nobody's."""
    with coordinator.transition(claim.workflow) as workflow:
        task = _end(claim.attempt, AttemptState.INTERRUPTED, seconds=claim.seconds)
        if task is None:
            return
        metrics.call_abandoned(claim.agent)
        _again(workflow, task, reason)


def lost(attempt: Attempt) -> None:
    """Its process died. Somebody else takes the task up, unless it has taken too many processes down."""
    with coordinator.transition(attempt.task.workflow_id) as workflow:
        task = _end(attempt.pk, AttemptState.LOST)
        if task is None:
            return
        metrics.call_abandoned(attempt.agent)
        if task.attempts.filter(state=AttemptState.LOST).count() < LOSSES_LIMIT:
            _again(workflow, task, "lost")
        else:
            _fail(
                workflow,
                task,
                ErrorBody(
                    type="WorkerLost",
                    message=f"The process that worked on {task.key} died {LOSSES_LIMIT} times. See the server's log.",
                ),
            )


def _end(
    attempt_id: int, state: AttemptState, seconds: float | None = None, error: ErrorBody | None = None
) -> Task | None:
    """Ends the attempt by comparing and setting. Returns its task, or None when it had ended before."""
    changed = Attempt.objects.filter(pk=attempt_id, state=AttemptState.RUNNING).update(
        state=state, finished_at=timezone.now(), seconds=seconds, error=msgspec.to_builtins(error)
    )
    return Task.objects.defer("output", "item").get(attempts=attempt_id) if changed else None


def _again(workflow: Workflow, task: Task, reason: str, delay: float = 0.0, error: ErrorBody | None = None) -> None:
    if workflow.state == WorkflowState.CANCELLING:
        return  # there is no again: the task is cancelled with its workflow
    not_before = timezone.now() + timedelta(seconds=delay) if delay else None
    clean = {**coordinator.RESET_TASK, "not_before": not_before}
    _put(task, state=TaskState.READY, failure_count=task.failure_count, **clean)
    record(workflow, events.TaskRetrying(task=task.key, reason=reason, delay_seconds=delay, error=error))


def _fail(workflow: Workflow, task: Task, error: ErrorBody) -> None:
    now = timezone.now()
    _put(
        task,
        state=TaskState.FAILED,
        progress=0.0,
        failure_count=task.failure_count,
        error=msgspec.to_builtins(error),
        finished_at=now,
    )
    record(
        workflow,
        events.TaskFailed(task=task.key, attempt=task.attempt_count, finished_at=iso_timestamp(now), error=error),
    )


def _put(task: Task, **columns: Any) -> None:
    for column, value in columns.items():
        setattr(task, column, value)
    Task.objects.filter(pk=task.pk).update(**columns)
