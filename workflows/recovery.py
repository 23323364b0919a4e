"""Recovers from processes that died: dead runners, expired leases, leftover files."""

import contextlib
import logging
import shutil
import time
from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from agents.errors import TargetNotFound
from workflows import executions, jobs, liveness, outcomes, pipelines, transitions
from workflows.artifacts import leftovers
from workflows.lifecycle import ACTIVE_STATES, UNFINISHED_TASKS, AttemptState, TaskState
from workflows.models import Attempt, Runner, Task, Workflow

log = logging.getLogger(__name__)

# A work folder that nothing was added to for so long, or a file of an artifact without a row, belongs to no attempt any more.
ABANDONED_SECONDS = 86_400.0


def take_over(*, data_folder_id: str, runner: str) -> None:
    """Ends all attempts that earlier runners of a data folder left running. Called by its only runner when it starts.

    `data_folder_id` is the prefix of the names of all its runners; `runner` is the name of the new one. Where a folder
    may have several runners, `join` is called instead.
    """
    earlier = Attempt.objects.filter(state=AttemptState.RUNNING, runner__startswith=data_folder_id).exclude(
        runner=runner
    )
    for attempt in earlier.select_related("task"):
        log.warning("Recovering an attempt whose process died.", extra=_log_fields(attempt))
        outcomes.lost(attempt)
    Runner.objects.filter(name__startswith=data_folder_id).exclude(name=runner).delete()
    shutil.rmtree(jobs.work_folder(), ignore_errors=True)
    _advance_all()


def join(*, dead: Collection[str]) -> None:
    """Ends the attempts of dead runners only. Called by one of many runners when it starts.

    `dead` are the names of runners that are known to have died just now.
    """
    liveness.declare_dead(dead)
    recover_lost()
    _advance_all()


def clear_away() -> None:
    """Deletes the rows, work folders and files that processes left when they died. May take long: a storage may be far away."""
    liveness.forget_dead()
    before = time.time() - ABANDONED_SECONDS
    for folder in jobs.work_folder().glob("*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)
    leftovers.delete_leftovers(older_than=timedelta(seconds=ABANDONED_SECONDS))


def _advance_all() -> None:
    _rename_skills()
    for workflow_id in Workflow.objects.filter(state__in=ACTIVE_STATES).values_list("pk", flat=True):
        with contextlib.suppress(TargetNotFound), transitions.transition(workflow_id):
            pass  # only for its `advance`, which completes what an earlier version may have left undone


def _rename_skills() -> None:
    """Lets tasks of an earlier version ask for the skills of their steps in this one."""
    for pipeline in pipelines.known():
        unfinished = Task.objects.filter(workflow__pipeline=pipeline.name, state__in=UNFINISHED_TASKS)
        for step in pipeline.steps:
            unfinished.filter(step=step.name).exclude(skill=step.skill).update(skill=step.skill)


def recover_lost() -> None:
    """Ends attempts whose runner is dead or whose lease has expired: it died, or lost the database for too long."""
    running = Attempt.objects.filter(state=AttemptState.RUNNING).select_related("task")
    # Its own are alive: their leases could only not be renewed.
    elsewhere = running.exclude(pk__in=executions.running_here())
    reasons = {
        "Its runner died": Q(runner__in=liveness.dead().values("name")),
        "The lease ran out": Q(lease_until__lt=Now()),
    }
    if elsewhere.exists():  # mostly not: this is asked every five seconds
        for reason, is_lost in reasons.items():
            for attempt in elsewhere.filter(is_lost):
                _end(attempt, reason)


def fail_unanswered() -> None:
    """Fails the tasks whose agents have waited for an answer for too long."""
    for task in Task.objects.filter(state=TaskState.INPUT_REQUIRED, answer_until__lte=timezone.now()):
        with contextlib.suppress(TargetNotFound):  # deleted meanwhile
            outcomes.unanswered(task)


def _log_fields(attempt: Attempt) -> dict[str, object]:
    """The fields by which a log line about the attempt is found."""
    task = attempt.task
    return {"workflow": task.workflow_id, "agent": attempt.agent, "task": task.key, "attempt": attempt.number}


def _end(attempt: Attempt, reason: str) -> None:
    log.warning("%s; the attempt counts as lost.", reason, extra=_log_fields(attempt))
    with contextlib.suppress(TargetNotFound):  # deleted meanwhile
        outcomes.lost(attempt)
