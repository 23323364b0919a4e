"""Recovers from processes that died: expired leases, leftover work folders."""

import contextlib
import logging
import shutil

from django.db.models.functions import Now

from agents.errors import TargetNotFound
from workflows import coordinator, executions, jobs, outcomes
from workflows.lifecycle import ACTIVE_STATES, AttemptState
from workflows.models import Attempt, Workflow

log = logging.getLogger(__name__)


def take_over(*, data_folder_id: str, runner: str) -> None:
    """Ends all attempts that earlier runners of a data folder left running. Called by its only runner when it starts.

    `data_folder_id` is the prefix of the names of all its runners; `runner` is the name of the new one.
    """
    earlier = Attempt.objects.filter(state=AttemptState.RUNNING, runner__startswith=data_folder_id).exclude(
        runner=runner
    )
    for attempt in earlier.select_related("task"):
        log.warning("Recovering an attempt whose process died.", extra=_log_fields(attempt))
        outcomes.lost(attempt)
    shutil.rmtree(jobs.work_folder(), ignore_errors=True)
    for workflow_id in Workflow.objects.filter(state__in=ACTIVE_STATES).values_list("pk", flat=True):
        with coordinator.transition(workflow_id):
            pass  # only for its `advance`, which completes what an earlier version may have left undone


def recover_lost() -> None:
    """Ends attempts whose lease has expired. Their process has died, or has lost the database for longer than a lease."""
    expired = Attempt.objects.filter(state=AttemptState.RUNNING, lease_until__lt=Now())
    # Its own are alive: their leases could only not be renewed.
    for attempt in expired.exclude(pk__in=executions.running_here()).select_related("task"):
        log.warning("The lease ran out; the attempt counts as lost.", extra=_log_fields(attempt))
        with contextlib.suppress(TargetNotFound):  # deleted meanwhile
            outcomes.lost(attempt)


def _log_fields(attempt: Attempt) -> dict[str, object]:
    """The fields by which a log line about the attempt is found."""
    task = attempt.task
    return {"workflow": task.workflow_id, "agent": attempt.agent, "task": task.key, "attempt": attempt.number}
