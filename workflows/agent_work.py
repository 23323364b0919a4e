"""What agents perform now, and what they have failed at lately; for `agents.work`."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from agents.work import MOST_FAILURES, MOST_JOBS, Work
from workflows.access import may_see_all
from workflows.lifecycle import AttemptState
from workflows.models import Attempt

MOST_RUNNING: Final = 1_000  # that are read
LATELY: Final = timedelta(days=7)
PROBLEMS: Final = {
    AttemptState.FAILED: "",
    AttemptState.ABANDONED: "It did not stop when it was asked to.",
    AttemptState.LOST: "Its process died.",
}


def running(agents: Collection[str], watcher: User) -> Mapping[str, list[Work]]:
    """What these agents perform now, of what the watcher may see; the longest first. One query."""
    rows = _seen_by(watcher).filter(state=AttemptState.RUNNING, agent__in=agents)
    found: dict[str, list[Work]] = {}
    for attempt in rows.order_by("pk")[:MOST_RUNNING]:
        jobs = found.setdefault(attempt.agent, [])
        if len(jobs) < MOST_JOBS:
            jobs.append(_work(attempt, attempt.started_at))
    return found


def failures(agent: str, watcher: User) -> list[Work]:
    """What the agent has failed at lately, of what the watcher may see; the newest first. One query."""
    # By lease, for which there is an index: it was renewed until the attempt ended.
    rows = _seen_by(watcher).filter(state__in=PROBLEMS, lease_until__gte=timezone.now() - LATELY, agent=agent)
    return [_work(row, row.finished_at or row.lease_until) for row in rows.order_by("-lease_until")[:MOST_FAILURES]]


def _seen_by(watcher: User) -> QuerySet[Attempt]:
    is_seen = Q() if may_see_all(watcher) else Q(task__workflow__owner=watcher)
    columns = (
        "agent",
        "state",
        "started_at",
        "finished_at",
        "lease_until",
        "error",
        "task__key",
        "task__workflow__title",
    )
    return Attempt.objects.filter(is_seen).select_related("task__workflow").only(*columns)


def _work(attempt: Attempt, at: datetime) -> Work:
    task, error = attempt.task, attempt.error or {}
    problem = str(error.get("message", "")) or PROBLEMS.get(AttemptState(attempt.state), "")
    link = reverse("admin:workflows_workflow_change", args=[task.workflow_id])
    return Work(str(task.workflow_id), task.workflow.title, task.key, link, at, problem)
