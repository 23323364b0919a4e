"""Ends attempts whose agent exceeds a limit, or does not stop when it was asked to.

An agent in a process of its own is killed. A thread cannot be: the attempt is taken away from it, and whatever it still
does changes nothing. Such a thread is stuck until its agent comes back, if it ever does.
"""

import logging
from collections.abc import Callable
from functools import partial

from django.conf import settings

from agents.contract import AgentError
from agents.errors import TargetNotFound
from workflows import executions, outcomes
from workflows.executions import Execution
from workflows.persistence import OUTAGES

log = logging.getLogger(__name__)

KILL_SECONDS = 10.0  # from killing a process until its thread has noticed


def enforce() -> None:
    """Looks at every attempt of this process. Called by the runner's heartbeat."""
    for execution in executions.present():
        if not (execution.has_settled or execution.is_given_up):
            _end_if_due(execution)
        if execution.unstored:
            _store(execution, execution.unstored)


def end_all() -> None:
    """Ends what has not stopped, because this process is about to end: it is done again, and no process was lost."""
    for execution in executions.present():
        execution.kill(None)
        if execution.give_up(partial(outcomes.interrupted, execution.claim, "restart")) and execution.unstored:
            _store(execution, execution.unstored)


def _end_if_due(execution: Execution) -> None:
    """To be stopped comes first: then the agent has its grace, and no error."""
    if execution.is_to_stop:
        if execution.stopping_seconds >= settings.STOP_GRACE_SECONDS:
            _end(execution, None)
    elif error := _exceeded(execution):
        _end(execution, error)


def _exceeded(execution: Execution) -> AgentError | None:
    agent, limit = execution.claim.agent, execution.time_limit
    if execution.seconds >= limit:
        return AgentError(f"{agent} was not done after {_duration(limit)} and was given up.", retryable=True)
    limit = execution.silence_limit
    if execution.silent_seconds >= limit:
        return AgentError(f"{agent} did not answer for {_duration(limit)} and was given up.", retryable=True)
    return None


def _duration(seconds: float) -> str:
    """In words: "90 seconds", "2 minutes"."""
    if seconds >= 60 and seconds % 60 == 0:
        return f"{seconds / 60:g} minute{'s' if seconds != 60 else ''}"
    return f"{seconds:g} second{'s' if seconds != 1 else ''}"


def _end(execution: Execution, error: AgentError | None) -> None:
    claim = execution.claim
    if execution.can_be_killed and execution.killed_at is None:
        log.warning("Killing the process of %s.", claim.agent, extra=claim.log_fields)
        execution.kill(error)
        return
    if execution.can_be_killed and execution.dying_seconds < KILL_SECONDS:
        return
    record = partial(outcomes.failed, claim, error, is_stuck=True) if error else partial(outcomes.abandoned, claim)
    if execution.give_up(record):
        log.error("%s does not come back; its thread is given up.", claim.agent, extra=claim.log_fields)


def _store(execution: Execution, record: Callable[[], object]) -> None:
    """Stores the outcome of an attempt that was given up; when the database is out of reach, the next call tries again."""
    try:
        record()
    except OUTAGES as error:
        log.warning("The outcome could not be stored yet: %s", error, extra=execution.claim.log_fields)
        return
    except TargetNotFound:
        pass  # the workflow was deleted meanwhile
    except Exception:
        log.exception("An outcome could not be stored.", extra=execution.claim.log_fields)
    execution.unstored = None
