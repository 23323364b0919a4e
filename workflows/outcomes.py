"""Records the outcome of an attempt: completed, failed, interrupted, abandoned or lost. The first one counts, later ones change nothing."""

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
from workflows.bodies import ErrorBody
from workflows.errors import WorkerLost
from workflows.events import record
from workflows.graph import grown_tasks
from workflows.lifecycle import AttemptState, TaskState, WorkflowState
from workflows.models import Attempt, Task, Workflow
from workflows.snapshots import grown_bodies

Json = dict[str, Any]

FAILURES_LIMIT = 3  # retryable errors with which a task fails
LOSSES_LIMIT = 5  # lost attempts (its process died each time) with which a task fails
FIRST_BACKOFF_SECONDS = 1.0  # doubled with each failure


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that a runner has claimed, with all that it takes to perform it."""

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
        """Seconds since the claim."""
        return time.monotonic() - self.started_at

    @property
    def log_fields(self) -> Json:
        """The fields by which a log line about the attempt is found."""
        return {"workflow": self.workflow, "agent": self.agent, "task": self.task, "attempt": self.number}


def completed(claim: Claim, outcome: Outcome) -> None:
    """The agent completed the task: stores its output, and adds the tasks that fan out over it."""
    with coordinator.transition(claim.workflow) as workflow:
        task = _end(claim.attempt, AttemptState.COMPLETED, seconds=claim.seconds)
        if task is None:
            return
        output, now = msgspec.to_builtins(outcome.output), timezone.now()
        _set_columns(task, state=TaskState.COMPLETED, output=output, progress=1.0, finished_at=now)
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
        _add_fanned_out_tasks(workflow, task, output)
        metrics.call_finished(claim.agent, claim.seconds)


def _add_fanned_out_tasks(workflow: Workflow, task: Task, output: Json) -> None:
    grown = grown_tasks(workflow, pipelines.get(workflow.pipeline), task, output)
    if grown:
        Task.objects.bulk_create(grown)
        record(workflow, events.PlanGrew(tasks=grown_bodies(workflow, grown)))


def failed(claim: Claim, error: AgentError) -> None:
    """The agent raised `error`: the task is retried later if that is retryable, else it has failed."""
    with coordinator.transition(claim.workflow) as workflow:
        body = ErrorBody(type=AgentError.error_type, message=error.message, retryable=error.retryable)
        task = _end(claim.attempt, AttemptState.FAILED, seconds=claim.seconds, error=body)
        if task is None:
            return
        task.failure_count += 1
        if error.retryable and task.failure_count < FAILURES_LIMIT:
            backoff = FIRST_BACKOFF_SECONDS * 2 ** (task.failure_count - 1)
            _retry(workflow, task, "error", delay=max(backoff, error.retry_after or 0.0), error=body)
        else:
            _fail(workflow, task, body)
        is_fault = not isinstance(error, UnusableInput)
        metrics.call_finished(claim.agent, claim.seconds, error=error.message, is_fault=is_fault)


def interrupted(claim: Claim, reason: str) -> None:
    """It stopped because it was asked to; `reason` is "paused" or "restart". Does not count as a failure of the agent."""
    with coordinator.transition(claim.workflow) as workflow:
        task = _end(claim.attempt, AttemptState.INTERRUPTED, seconds=claim.seconds)
        if task is None:
            return
        metrics.call_abandoned(claim.agent)
        _retry(workflow, task, reason)


def abandoned(claim: Claim) -> None:
    """It was asked to stop and did not, and its thread cannot be killed: what it still does changes nothing any more."""
    with coordinator.transition(claim.workflow) as workflow:
        task = _end(claim.attempt, AttemptState.ABANDONED, seconds=claim.seconds)
        if task is None:
            return
        metrics.call_abandoned(claim.agent)
        _retry(workflow, task, "paused")


def lost(attempt: Attempt) -> None:
    """Its process died: the task is retried, unless that has happened LOSSES_LIMIT times."""
    with coordinator.transition(attempt.task.workflow_id) as workflow:
        task = _end(attempt.pk, AttemptState.LOST)
        if task is None:
            return
        metrics.call_abandoned(attempt.agent)
        if task.attempts.filter(state=AttemptState.LOST).count() < LOSSES_LIMIT:
            _retry(workflow, task, "lost")
        else:
            _fail(
                workflow,
                task,
                ErrorBody(
                    type=WorkerLost.error_type,
                    message=f"The process that worked on {task.key} died {LOSSES_LIMIT} times. See the server's log.",
                ),
            )


def _end(
    attempt_id: int, state: AttemptState, seconds: float | None = None, error: ErrorBody | None = None
) -> Task | None:
    """Ends the attempt by compare-and-set. Returns its task, or None when it had ended before."""
    changed = Attempt.objects.filter(pk=attempt_id, state=AttemptState.RUNNING).update(
        state=state, finished_at=timezone.now(), seconds=seconds, error=msgspec.to_builtins(error)
    )
    return Task.objects.defer("output", "item").get(attempts=attempt_id) if changed else None


def _retry(workflow: Workflow, task: Task, reason: str, delay: float = 0.0, error: ErrorBody | None = None) -> None:
    if workflow.state == WorkflowState.CANCELLING:
        return  # no retry: the task will be cancelled with its workflow
    not_before = timezone.now() + timedelta(seconds=delay) if delay else None
    clean = {**coordinator.RESET_TASK, "not_before": not_before}
    _set_columns(task, state=TaskState.READY, failure_count=task.failure_count, **clean)
    record(workflow, events.TaskRetrying(task=task.key, reason=reason, delay_seconds=delay, error=error))


def _fail(workflow: Workflow, task: Task, error: ErrorBody) -> None:
    now = timezone.now()
    _set_columns(
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


def _set_columns(task: Task, **columns: Any) -> None:
    for column, value in columns.items():
        setattr(task, column, value)
    Task.objects.filter(pk=task.pk).update(**columns)
