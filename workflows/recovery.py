"""Takes up what died with its process: leases that ran out, stops that were not heeded, rubbish on disk."""

import contextlib
import logging
import shutil
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from workflows import attempts, coordinator, outcomes
from workflows.errors import TargetNotFound
from workflows.lifecycle import ACTIVE_STATES, AttemptState
from workflows.models import Attempt, Workflow

log = logging.getLogger(__name__)

STOP_GRACE_SECONDS = 30.0  # an attempt that ignores a stop for longer is given up


def take_over(*, place: str, runner: str) -> None:
    """Called by the only runner of a place when it starts: whatever an earlier one left is taken up at once.

    `place` is what the names of all runners of that data folder begin with; `runner` is the new one's.
    """
    earlier = Attempt.objects.filter(state=AttemptState.RUNNING, runner__startswith=place).exclude(runner=runner)
    for attempt in earlier.select_related("task"):
        log.warning("Taking up what was running when its process died.", extra=_facts(attempt))
        outcomes.lost(attempt)
    shutil.rmtree(attempts.work_folder(), ignore_errors=True)
    for workflow_id in Workflow.objects.filter(state__in=ACTIVE_STATES).values_list("pk", flat=True):
        with coordinator.transition(workflow_id):
            pass  # `advance` mends what an earlier version may have left half decided


def recover_lost() -> None:
    """Ends attempts whose process gave no sign of life for a whole lease, or that did not stop when asked to."""
    now = timezone.now()
    has_no_lease = Q(lease_until__lt=now)
    is_deaf = Q(stop_requested_at__lt=now - timedelta(seconds=STOP_GRACE_SECONDS))
    for attempt in Attempt.objects.filter(has_no_lease | is_deaf, state=AttemptState.RUNNING).select_related("task"):
        _end(attempt, "The lease ran out" if attempt.lease_until < now else "The agent did not stop when asked to")


def _facts(attempt: Attempt) -> dict[str, object]:
    """What the log says of an attempt."""
    task = attempt.task
    return {"workflow": task.workflow_id, "agent": attempt.agent, "task": task.key, "attempt": attempt.number}


def _end(attempt: Attempt, why: str) -> None:
    log.warning("%s; the attempt counts as lost.", why, extra=_facts(attempt))
    with contextlib.suppress(TargetNotFound):  # deleted meanwhile
        outcomes.lost(attempt)
