"""Records the outcome of an attempt: completed, failed, a question, interrupted, abandoned or lost. The first one counts, later ones change nothing."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents import metrics
from agents.contract import AgentError, Answer, BudgetReached, Outcome, ProviderUnavailable, UnusableInput
from agents.timestamps import iso_timestamp
from workflows import events, progress, quotas, statements, transitions
from workflows.bodies import ErrorBody
from workflows.errors import TooManyTasks, WorkerLost, WorkflowBroken
from workflows.events import record
from workflows.graph import Node, grown_tasks
from workflows.graph_cache import graph_of
from workflows.lifecycle import FINAL_STATES, AttemptState, TaskState, WorkflowState, next_slow_start
from workflows.models import Attempt, Task, Workflow
from workflows.snapshots import grown_bodies

Json = dict[str, Any]

FAILURES_LIMIT = 3  # retryable errors with which a task fails …
OUTAGE_FAILURES_LIMIT = 8  # … when it is a provider that cannot be reached: it is waited for about two minutes
LOSSES_LIMIT = 5  # lost attempts (its process died each time) with which a task fails
FIRST_BACKOFF_SECONDS = 1.0  # doubled with each failure
LONGEST_BACKOFF_SECONDS = 60.0
TASKS_PER_EVENT = 500  # of `plan_grew`: a message must fit into what a slow client may be behind
TITLE_LENGTH = 200  # characters of a title that are kept
QUESTION_LENGTH = 4_000  # characters of an agent's question that are kept
LEAST_BACKOFF_SHARE = 0.5  # of the backoff, see `backoff_seconds`

jitter = random.Random()  # noqa: S311 - spreads load, keeps no secret; its own generator, so that tests can seed it


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that a runner has claimed, with all that it takes to perform it."""

    attempt: int  # primary key
    workflow: str
    owner: int  # the user's primary key
    task: str
    step: str
    skill: str
    agent: str
    slot: int
    number: int
    input: Mapping[str, Any]
    started_at: float  # time.monotonic()
    series: int = 1  # the number of the first attempt that had the same job, see `Attempt.series`
    remote_task: str = ""
    answers: Sequence[Answer] = ()
    traceparent: str = ""  # of the workflow, see `agents.tracing`

    @property
    def attempt_id(self) -> str:
        """`Job.attempt_id`: that of the first attempt that had the same job."""
        return uuid5(UUID(self.workflow), f"{self.task}/{self.series}").hex

    @property
    def seconds(self) -> float:
        """Seconds since the claim."""
        return time.monotonic() - self.started_at

    @property
    def log_fields(self) -> Json:
        """The fields by which a log line about the attempt is found."""
        return {"workflow": self.workflow, "agent": self.agent, "task": self.task, "attempt": self.number}


def completed(claim: Claim, outcome: Outcome, follow_up: Callable[[Workflow], object] | None = None) -> None:
    """The agent completed the task: stores its output, and adds the tasks that fan out over it.

    `follow_up` becomes part of the transaction, see `transitions.advance`.
    """
    with transitions.transition(claim.workflow) as workflow:
        count = partial(metrics.call_finished, claim.agent, claim.seconds)
        if not _end(workflow, claim.attempt, AttemptState.COMPLETED, count, seconds=claim.seconds):
            return
        output, now = msgspec.to_builtins(outcome.output), timezone.now()
        grown: list[Task] = []
        try:
            grown = _fanned_out_tasks(workflow, claim, output)
        except TooManyTasks as error:
            fail_task(workflow, claim.task, claim.number, ErrorBody(type=error.error_type, message=error.message))
            return
        transitions.set_task(workflow, claim.task, TaskState.COMPLETED, output=output, progress=1.0, finished_at=now)
        workflow.has_new_work |= workflow.slow_start is not None
        workflow.slow_start = next_slow_start(workflow.slow_start)
        workflow.follow_up = follow_up
        progress.set_message(claim.workflow, claim.step, outcome.message)
        record(
            workflow,
            events.TaskFinished(
                task=claim.task,
                agent=claim.agent,
                attempt=claim.number,
                finished_at=iso_timestamp(now),
                seconds=round(claim.seconds, 3),
                message=outcome.message,
            ),
        )
        _take_title(workflow, claim, output)
        if grown:
            _add(workflow, grown)


def _take_title(workflow: Workflow, claim: Claim, output: Json) -> None:
    """What is made may have a name now: until then the title is the beginning of the input."""
    with suppress(WorkflowBroken):  # `advance` will say so
        source = graph_of(workflow).pipeline.titled_by
        title = " ".join(str(output.get(source.field, "")).split()) if source and source.step == claim.step else ""
        if (title := title[:TITLE_LENGTH]) and title != workflow.title:
            workflow.title = title
            record(workflow, events.WorkflowTitled(title=title))


def _fanned_out_tasks(workflow: Workflow, claim: Claim, output: Json) -> list[Task]:
    """The tasks that follow from the output.

    Raises: TooManyTasks.
    """
    try:
        graph = graph_of(workflow)
    except WorkflowBroken:
        return []  # `advance` will say so
    grown = grown_tasks(workflow, graph.pipeline, claim.step, claim.task, output)
    quotas.check_tasks(len(graph.by_key) + len(grown))
    return grown


def _add(workflow: Workflow, grown: list[Task]) -> None:
    graph = graph_of(workflow)
    for task in grown:
        task.changed_seq = workflow.first_new_seq
    for task in Task.objects.bulk_create(grown):
        graph.add(Node(task.pk, task.key, task.step, task.state, task.position))
    bodies = grown_bodies(graph, grown)
    for start in range(0, len(bodies), TASKS_PER_EVENT):
        record(workflow, events.PlanGrew(tasks=bodies[start : start + TASKS_PER_EVENT]))


def failed(claim: Claim, error: AgentError, *, is_stuck: bool = False) -> None:
    """The agent raised `error`: the task is retried later if that is retryable, else it has failed.

    On the wire the error is an AgentError, or that the budget is reached; the attempt's row tells apart whether a provider is to blame. `is_stuck`: the
    attempt was given up, and its thread has not come back.
    """
    with transitions.transition(claim.workflow) as workflow:
        kind = BudgetReached if isinstance(error, BudgetReached) else AgentError
        body = ErrorBody(type=kind.error_type, message=error.message, retryable=error.retryable)
        is_fault = not isinstance(error, UnusableInput | BudgetReached)
        is_of_provider = isinstance(error, ProviderUnavailable)
        count = partial(metrics.call_finished, claim.agent, claim.seconds, error=error.message, is_fault=is_fault)
        kept = msgspec.structs.replace(body, type=ProviderUnavailable.error_type) if is_of_provider else body
        if not _end(
            workflow, claim.attempt, AttemptState.FAILED, count, seconds=claim.seconds, error=kept, is_stuck=is_stuck
        ):
            return
        failures = _counts(workflow, claim.task).failure_count + 1
        if error.retryable and failures < (OUTAGE_FAILURES_LIMIT if is_of_provider else FAILURES_LIMIT):
            delay = backoff_seconds(failures) + (error.retry_after or 0.0)
            _retry(workflow, claim.task, "error", delay=delay, error=body, failure_count=failures)
        else:
            fail_task(workflow, claim.task, claim.number, body, failure_count=failures)


def backoff_seconds(failures: int) -> float:
    """How long a task waits after so many failures: a random 0.5-1 of a time that doubles with each, up to a minute.

    Random, so that what failed together, when a provider was out of reach, does not come back together.
    """
    longest = min(FIRST_BACKOFF_SECONDS * 2.0 ** (failures - 1), LONGEST_BACKOFF_SECONDS)
    return round(longest * jitter.uniform(LEAST_BACKOFF_SHARE, 1.0), 3)


def input_required(claim: Claim, question: str) -> None:
    """The agent has asked something: the task waits for a person, for INPUT_SECONDS at most."""
    asked, until = question.strip()[:QUESTION_LENGTH], timezone.now() + timedelta(seconds=settings.INPUT_SECONDS)
    with transitions.transition(claim.workflow) as workflow:
        count = partial(metrics.call_finished, claim.agent, claim.seconds)
        if not _end(workflow, claim.attempt, AttemptState.INPUT_REQUIRED, count, seconds=claim.seconds):
            return
        if workflow.state == WorkflowState.CANCELLING:
            return  # nobody will answer: the task will be cancelled with its workflow
        columns = {**transitions.RESET_TASK, "question": asked, "answer_until": until}
        transitions.set_task(workflow, claim.task, TaskState.INPUT_REQUIRED, **columns)
        record(
            workflow,
            events.InputRequired(
                task=claim.task,
                agent=claim.agent,
                attempt=claim.number,
                question=asked,
                until=iso_timestamp(until),
            ),
        )


def unanswered(task: Task) -> None:
    """Nobody has answered the question of this task in time: it has failed."""
    with transitions.transition(task.workflow_id) as workflow:
        late = workflow.tasks.filter(pk=task.pk, state=TaskState.INPUT_REQUIRED, answer_until__lte=timezone.now())
        if workflow.state in FINAL_STATES or not late.exists():
            return
        message = f"Nobody has answered in time: {task.question}"
        fail_task(workflow, task.key, task.attempt_count, ErrorBody(type=AgentError.error_type, message=message))


def interrupted(claim: Claim, reason: str) -> None:
    """It stopped because it was asked to; `reason` is "paused" or "restart". Does not count as a failure of the agent."""
    with transitions.transition(claim.workflow) as workflow:
        count = partial(metrics.call_abandoned, claim.agent)
        if _end(workflow, claim.attempt, AttemptState.INTERRUPTED, count, seconds=claim.seconds):
            _retry(workflow, claim.task, reason)


def abandoned(claim: Claim) -> None:
    """It was asked to stop and did not, and its thread cannot be killed: what it still does changes nothing any more."""
    with transitions.transition(claim.workflow) as workflow:
        count = partial(metrics.call_abandoned, claim.agent)
        if _end(workflow, claim.attempt, AttemptState.ABANDONED, count, seconds=claim.seconds, is_stuck=True):
            _retry(workflow, claim.task, "paused")


def lost(attempt: Attempt) -> None:
    """Its process died: the task is retried, unless that has happened LOSSES_LIMIT times."""
    key = attempt.task.key
    with transitions.transition(attempt.task.workflow_id) as workflow:
        if not _end(workflow, attempt.pk, AttemptState.LOST, partial(metrics.call_abandoned, attempt.agent)):
            return
        losses = _counts(workflow, key).loss_count + 1
        if losses < LOSSES_LIMIT:
            _retry(workflow, key, "lost", loss_count=losses)
        else:
            message = f"The process that worked on {key} died {LOSSES_LIMIT} times. See the server's log."
            body = ErrorBody(type=WorkerLost.error_type, message=message)
            fail_task(workflow, key, attempt.number, body, loss_count=losses)


def _end(
    workflow: Workflow,
    attempt_id: int,
    state: AttemptState,
    count: Callable[[], None],
    *,
    seconds: float | None = None,
    error: ErrorBody | None = None,
    is_stuck: bool = False,
) -> bool:
    """Ends the attempt by compare-and-set. Returns whether it ran until now; if so, `count` is called after commit.

    Its lease ends with it, unless its thread is stuck: see `Attempt.lease_until`.
    """
    now = timezone.now()
    columns = {"state": state, "finished_at": now, "seconds": seconds, "error": msgspec.to_builtins(error)}
    if not is_stuck:
        columns["lease_until"] = now
    if not statements.update(Attempt, {"pk": attempt_id, "state": AttemptState.RUNNING}, columns):
        return False
    # Counted first: after the failure that makes its agent unhealthy, no other task may get it.
    transaction.on_commit(count)
    workflow.frees_agent = True
    return True


def _counts(workflow: Workflow, key: str) -> Task:
    return Task.objects.only("failure_count", "loss_count").get(workflow=workflow, key=key)


def _retry(
    workflow: Workflow, key: str, reason: str, delay: float = 0.0, error: ErrorBody | None = None, **counts: int
) -> None:
    if workflow.state == WorkflowState.CANCELLING:
        return  # no retry: the task will be cancelled with its workflow
    not_before = timezone.now() + timedelta(seconds=delay) if delay else None
    columns = {**transitions.RESET_TASK, **counts, "not_before": not_before}
    transitions.set_task(workflow, key, TaskState.READY, **columns)
    record(workflow, events.TaskRetrying(task=key, reason=reason, delay_seconds=delay, error=error))


def fail_task(workflow: Workflow, key: str, number: int, error: ErrorBody, **counts: int) -> None:
    """Sets a task to failed, for good; `number` is that of its last attempt. To be called only inside `transition`."""
    now = timezone.now()
    transitions.withdraw(workflow.tasks.filter(key=key))
    columns = {**transitions.RESET_TASK, "error": msgspec.to_builtins(error), "finished_at": now, **counts}
    transitions.set_task(workflow, key, TaskState.FAILED, **columns)
    record(workflow, events.TaskFailed(task=key, attempt=number, finished_at=iso_timestamp(now), error=error))
