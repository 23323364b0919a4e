"""Performs claimed attempts: calls the agent, and hands its outcome to `outcomes`.

The first outcome counts; a late result of an attempt that has ended changes nothing.
"""

import errno
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import timedelta
from functools import partial

from django.db import DatabaseError
from django.db.models import F
from django.db.models.functions import Now

from agents import log_context, metrics, registry, tracing
from agents.contract import AgentError, InputRequired, JobStopped, Outcome, perform_checked
from agents.errors import TargetNotFound
from workflows import executions, outcomes
from workflows.claims import LEASE_SECONDS, FollowUp
from workflows.executions import Execution, running_here, stop
from workflows.isolation.messages import errno_of
from workflows.isolation.process import perform_isolated
from workflows.jobs import AttemptJob
from workflows.lifecycle import AttemptState
from workflows.models import Attempt
from workflows.outcomes import Claim
from workflows.persistence import through_outages

log = logging.getLogger(__name__)

FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL_DISK_SECONDS = 20.0  # in which somebody may make room; then the task is tried again


def renew_leases() -> None:
    """Extends the leases of this process's attempts; stops those that another process asked to stop, or ended."""
    lease_until = Now() + timedelta(seconds=LEASE_SECONDS)
    if stuck := executions.stuck():
        Attempt.objects.filter(pk__in=stuck).update(lease_until=lease_until)
    mine = running_here()
    if not mine:
        return
    attempts = Attempt.objects.filter(pk__in=mine, state=AttemptState.RUNNING)
    attempts.update(lease_until=lease_until)
    unasked = set(attempts.filter(stop_requested_at=None).values_list("pk", flat=True))
    stop([attempt for attempt in mine if attempt not in unasked])


def perform(claim: Claim, follow_up: FollowUp | None = None) -> bool:
    """Calls the agent and records the outcome. Never raises: an error is the attempt's outcome.

    `follow_up` may claim the next attempt when this one was completed.

    Returns whether the attempt was its own to the end. If not, the agent took so long to come back that the attempt was
    given up: another thread has taken the place of this one.
    """
    with at_work(claim), executions.opened(claim) as execution:
        record = _perform(execution, follow_up)
        if execution.settle():
            store(claim, record)
            return True
    log.warning("%s came back after it was given up.", claim.agent, extra=claim.log_fields)
    with suppress(DatabaseError):  # the lease runs out by itself
        Attempt.objects.filter(pk=claim.attempt, finished_at__isnull=False).update(lease_until=F("finished_at"))
    return False


@contextmanager
def at_work(claim: Claim) -> Iterator[None]:
    """Names the attempt in all log lines and traces of what is done within."""
    attributes = {f"callboard.{name}": value for name, value in claim.log_fields.items()}
    with (
        log_context.bound(**claim.log_fields),
        tracing.span(f"task {claim.step}", parent=claim.traceparent, attributes=attributes),
    ):
        yield


def agent_span(claim: Claim) -> AbstractContextManager[None]:
    """A span of what the agent itself does."""
    return tracing.span(f"agent {claim.agent}", attributes={"callboard.skill": claim.skill})


def _perform(execution: Execution, follow_up: FollowUp | None) -> Callable[[], None]:
    """Calls the agent. Returns what records its outcome."""
    try:
        with closing(AttemptJob(execution)) as job:
            outcome = _call(job)
    except Exception as error:  # noqa: BLE001 - it is the outcome
        return record_of(execution, error)
    return partial(_completed, execution.claim, outcome, follow_up)


def record_of(execution: Execution, error: Exception) -> Callable[[], None]:
    """What records the outcome of an attempt that ended with this error."""
    claim = execution.claim
    match error:
        case JobStopped() if execution.is_to_stop:
            return partial(_record_stop, claim)
        case JobStopped():
            # Tried again at once, it would go on like this for ever.
            return partial(outcomes.failed, claim, AgentError(f"{claim.agent} stopped by itself.", retryable=True))
        case InputRequired():
            return partial(outcomes.input_required, claim, error.question)
        case _ if errno_of(error) in FULL_DISK:
            full = "The disk of the server is full. Once there is room, a retry goes on from here."
            return partial(outcomes.failed, claim, AgentError(full, retryable=True, retry_after=FULL_DISK_SECONDS))
        case AgentError():
            return partial(outcomes.failed, claim, error)
        case _:
            log.error("An agent broke.", extra=claim.log_fields, exc_info=error)
            breakdown = AgentError(f"{claim.agent} broke unexpectedly; the log says why.", retryable=True)
            return partial(outcomes.failed, claim, breakdown)


def _completed(claim: Claim, outcome: Outcome, follow_up: FollowUp | None) -> None:
    if follow_up is None:
        outcomes.completed(claim, outcome)
    else:
        follow_up.look()
        outcomes.completed(claim, outcome, follow_up.take)


def _call(job: AttemptJob) -> Outcome:
    execution, claim = job.execution, job.execution.claim
    agent = registry.get(claim.agent)
    execution.limit(agent.skill(claim.skill))
    with agent_span(claim):
        return perform_isolated(agent, job, execution) if agent.is_isolated else perform_checked(agent, job)


def _record_stop(claim: Claim) -> None:
    outcomes.interrupted(claim, "paused" if was_asked_to_stop(claim) else "restart")


def was_asked_to_stop(claim: Claim) -> bool:
    """Whether somebody wants the attempt to stop; if not, it is the process that stops."""
    return Attempt.objects.filter(pk=claim.attempt).exclude(stop_requested_at=None).exists()


def store(claim: Claim, record: Callable[[], None]) -> None:
    """Records the outcome, as soon as the database answers; if another process took over meanwhile, that changes nothing."""
    try:
        through_outages(record)
    except TargetNotFound:
        log.info("The workflow was deleted meanwhile.", extra=claim.log_fields)
        metrics.call_abandoned(claim.agent)
    except Exception:
        log.exception("An outcome could not be stored.", extra=claim.log_fields)
        error = AgentError(f"What {claim.agent} gave cannot be stored; the log says why.", retryable=True)
        through_outages(partial(outcomes.failed, claim, error))
