"""Recovers from processes that died: expired leases, attempts that did not stop when asked to, leftover work folders."""

import contextlib
import logging
import shutil
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from agents.errors import TargetNotFound
from workflows import attempts, coordinator, outcomes
from workflows.lifecycle import ACTIVE_STATES, AttemptState
from workflows.models import Attempt, Workflow

log = logging.getLogger(__name__)

STOP_GRACE_SECONDS = 30.0  # an attempt that ignores a stop for longer counts as lost


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
    shutil.rmtree(attempts.work_folder(), ignore_errors=True)
    for workflow_id in Workflow.objects.filter(state__in=ACTIVE_STATES).values_list("pk", flat=True):
        with coordinator.transition(workflow_id):
            pass  # only for its `advance`, which completes what an earlier version may have left undone


def recover_lost() -> None:
    """Ends attempts whose lease has expired, or that did not stop within STOP_GRACE_SECONDS of being asked to."""
    now = timezone.now()
    is_expired = Q(lease_until__lt=Now())
    ignores_stop = Q(stop_requested_at__lt=now - timedelta(seconds=STOP_GRACE_SECONDS))
    for attempt in Attempt.objects.filter(is_expired | ignores_stop, state=AttemptState.RUNNING).select_related("task"):
        _end(attempt, "The lease ran out" if attempt.lease_until < now else "The agent did not stop when asked to")


def _log_fields(attempt: Attempt) -> dict[str, object]:
    """The fields by which a log line about the attempt is found."""
    task = attempt.task
    return {"workflow": task.workflow_id, "agent": attempt.agent, "task": task.key, "attempt": attempt.number}


def _end(attempt: Attempt, reason: str) -> None:
    log.warning("%s; the attempt counts as lost.", reason, extra=_log_fields(attempt))
    with contextlib.suppress(TargetNotFound):  # deleted meanwhile
        outcomes.lost(attempt)
