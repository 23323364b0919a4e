"""Records each call of an agent, and says how it is doing: status, error rate, average time, health."""

import threading
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from agents.models import Agent, AgentSample
from agents.signals import agent_status_changed
from agents.timestamps import iso_timestamp

KEEP_SAMPLES = timedelta(days=7)
ERROR_CHARACTERS = 500  # of the last error that are kept

_announcing = threading.Lock()


def call_started(agent_name: str) -> None:
    """Counts a job that was given to the agent."""
    _change(
        agent_name,
        in_flight=F("in_flight") + 1,
        message_count=F("message_count") + 1,
        last_seen_at=timezone.now(),
    )


def call_finished(agent_name: str, seconds: float, error: str = "", *, is_fault: bool = True) -> None:
    """Counts an answer after `seconds`; `error` says why the agent could not do the job, "" when it could.

    An error that is not its fault is counted, but says nothing about its health.
    """
    now = timezone.now()
    failed = {
        "error_count": F("error_count") + 1,
        "consecutive_errors": F("consecutive_errors") + int(is_fault),
        "last_error": error[:ERROR_CHARACTERS],
        "last_error_at": now,
    }
    with transaction.atomic():
        _change(
            agent_name,
            in_flight=_fewer(1),
            finished_count=F("finished_count") + 1,
            total_seconds=F("total_seconds") + seconds,
            last_seen_at=now,
            **(failed if error else {"consecutive_errors": 0}),
        )
        _sample(agent_name, now, seconds, is_error=bool(error))


def call_abandoned(agent_name: str, count: int = 1) -> None:
    """Takes calls that will never be answered (interrupted, or their process died) out of those in flight. No error is counted."""
    _change(agent_name, in_flight=_fewer(count))


def reset_in_flight() -> None:
    """Sets the calls in flight to 0, for the start of the only process that makes calls."""
    for name in Agent.objects.filter(in_flight__gt=0).values_list("name", flat=True):
        _change(name, in_flight=0)


def announce(agent_name: str) -> None:
    """Sends `agent_status_changed` with the agent's newest status, after commit."""
    transaction.on_commit(partial(_announce, agent_name))


def status_of(row: Agent) -> dict[str, Any]:
    """The body of an `agent_status` message (docs/protocol.md), with what else a monitor shows. Times in seconds."""
    return {
        "agent_name": row.name,
        "status": row.status,
        "metrics": _metrics(row),
        "timestamp": iso_timestamp(timezone.now()),
        "kind": row.kind,
        "description": row.description,
        "skills": [{key: skill[key] for key in ("id", "name", "description")} for skill in row.skills],
        "is_enabled": row.is_enabled,
        "in_flight": row.in_flight,
        "max_concurrent": row.max_concurrent,
        "last_error": row.last_error,
        "last_seen_at": iso_timestamp(row.last_seen_at) if row.last_seen_at else None,
    }


def _metrics(row: Agent) -> dict[str, Any]:
    return {
        "message_count": row.message_count,
        "error_count": row.error_count,
        "error_rate": round(row.error_count / row.message_count, 3) if row.message_count else 0.0,
        "avg_execution_time": round(row.total_seconds / row.finished_count, 3) if row.finished_count else 0.0,
        "is_healthy": row.status in {Agent.Status.IDLE, Agent.Status.BUSY},
    }


def all_statuses() -> list[dict[str, Any]]:
    """The status of every agent, by name."""
    return [status_of(row) for row in Agent.objects.all()]


def samples_since(row: Agent, moment: datetime) -> QuerySet[AgentSample]:
    """What the agent did, minute by minute, oldest first."""
    return row.samples.filter(minute__gte=moment).order_by("minute")


def _change(agent_name: str, **columns: Any) -> None:
    with transaction.atomic():
        if Agent.objects.filter(name=agent_name).update(**columns):
            announce(agent_name)


def _fewer(count: int) -> Greatest:
    # Never below zero: a call may be abandoned after a reset.
    return Greatest(F("in_flight") - count, Value(0))


def _sample(agent_name: str, now: datetime, seconds: float, *, is_error: bool) -> None:
    row = Agent.objects.filter(name=agent_name).only("pk").first()
    if row is None:
        return
    sample, is_new = AgentSample.objects.get_or_create(agent=row, minute=now.replace(second=0, microsecond=0))
    AgentSample.objects.filter(pk=sample.pk).update(
        calls=F("calls") + 1,
        errors=F("errors") + int(is_error),
        total_seconds=F("total_seconds") + seconds,
        max_seconds=Greatest(F("max_seconds"), Value(seconds)),
    )
    if is_new:  # once a minute at most, and cheap: there is an index
        AgentSample.objects.filter(agent=row, minute__lt=now - KEEP_SAMPLES).delete()


def _announce(agent_name: str) -> None:
    # One at a time: of two threads, the one that tells last must also have read last.
    with _announcing:
        row = Agent.objects.filter(name=agent_name).first()
        if row is not None:
            agent_status_changed.send_robust(sender=Agent, agent_name=agent_name, body=status_of(row))
