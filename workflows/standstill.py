"""Watches for what does not move: records attempts without a sign of life, and announces why workflows wait."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from agents.errors import TargetNotFound
from agents.timestamps import iso_timestamp
from workflows import events, executions, liveness, progress, snapshots, transitions, waiting
from workflows.events import record
from workflows.executions import Execution
from workflows.lifecycle import AttemptState
from workflows.models import Attempt, Workflow
from workflows.outcomes import Claim
from workflows.signals import progress_reported

Json = dict[str, Any]

STALLED_SECONDS: Final = 20.0  # without a sign of life; a skill's `silence_limit` ends the attempt later

_announced: dict[UUID, tuple[int, Json]] = {}  # by workflow: the reason that was sent last, and the seq then


def record_stalls() -> None:
    """Records which attempts of this process have stalled, and which go on. Called by the runner's heartbeat."""
    for execution in executions.present():
        if execution.has_settled or execution.is_given_up or execution.is_to_stop:
            continue
        is_stalled = execution.silent_seconds >= STALLED_SECONDS
        if is_stalled != execution.is_stalled:
            _record(execution, is_stalled=is_stalled)


def _record(execution: Execution, *, is_stalled: bool) -> None:
    claim, silent_since = execution.claim, timezone.now() - timedelta(seconds=execution.silent_seconds)
    try:
        with transitions.transition(claim.workflow) as workflow:
            running = Attempt.objects.filter(pk=claim.attempt, state=AttemptState.RUNNING)
            if not running.update(silent_since=silent_since if is_stalled else None):
                return
            record(workflow, _payload(claim, iso_timestamp(silent_since) if is_stalled else None))
    except TargetNotFound:
        pass  # the workflow was deleted meanwhile
    execution.is_stalled = is_stalled


def _payload(claim: Claim, silent_since: str | None) -> events.Payload:
    task, agent, attempt = claim.task, claim.agent, claim.number
    if silent_since is None:
        return events.TaskResumed(task=task, agent=agent, attempt=attempt)
    return events.TaskStalled(task=task, agent=agent, attempt=attempt, silent_since=silent_since)


def announce_reasons() -> None:
    """Sends the progress of each workflow whose reason to wait is another one than was sent last.

    Called by the heartbeat of each runner, and of a server that has none.
    """
    reasons = waiting.reasons(Workflow.objects.all())
    if not (reasons or _announced):  # nothing waits, nothing did: mostly so
        return
    for workflow in Workflow.objects.filter(pk__in={*reasons, *_announced}).defer("input"):
        reason = reasons.get(workflow.pk)
        seq, sent = _announced.get(workflow.pk, (0, None))
        # After another event too: the progress that came with it may have left the reason out.
        if reason != sent or (reason and workflow.last_seq != seq):
            _announce(workflow, reason)
    for workflow_id in {*_announced} - {*reasons}:
        del _announced[workflow_id]


def _announce(workflow: Workflow, reason: Json | None) -> None:
    if reason:
        _announced[workflow.pk] = (workflow.last_seq, reason)
    # What runs elsewhere is further than this process knows: the process that performs it sends its progress.
    if _runs(workflow) and str(workflow.pk) not in {execution.claim.workflow for execution in executions.present()}:
        return
    if progress.set_waiting_for(str(workflow.pk), workflow.last_seq, reason):
        return
    if not _runs(workflow):
        message = snapshots.progress_message(workflow)
        progress_reported.send_robust(sender=Workflow, workflow_id=str(workflow.pk), message=message)


def _runs(workflow: Workflow) -> bool:
    """Whether a runner that is alive performs something of it."""
    running = Attempt.objects.filter(task__workflow=workflow, state=AttemptState.RUNNING)
    return running.filter(runner__in=liveness.live().values("name")).exists()
