"""Records each call of an agent, and says how it is doing: status, error rate, average time, health."""

import logging
import math
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from agents import samples, work
from agents.models import Agent
from agents.samples import Totals
from agents.signals import agent_status_changed
from agents.timestamps import iso_timestamp

log = logging.getLogger(__name__)

ERROR_CHARACTERS = 500  # of the last error that are kept

FLUSH_SECONDS = 0.25  # calls of an agent are written at most so often; errors at once

_announcing = threading.Lock()


@dataclass(slots=True)
class _Calls:
    """Calls of an agent that are not written yet."""

    started: int = 0
    finished: Totals = field(default_factory=Totals)
    faults_in_a_row: int = 0
    had_success: bool = False  # so that `faults_in_a_row` counts from there
    last_error: str = ""
    last_error_at: datetime | None = None


_calls: dict[str, _Calls] = {}
_written_at: dict[str, float] = {}  # monotonic
_guard = threading.Lock()
_writing = threading.Lock()
_count_running: list[Callable[[Collection[str]], Mapping[str, int]]] = []


def use_running_counts(count_running: Callable[[Collection[str]], Mapping[str, int]]) -> None:
    """Sets what counts the running jobs of agents, of those that have any. The layer above has the rows."""
    _count_running[:] = [count_running]


def call_started(agent_name: str) -> None:
    """Counts a job that was given to the agent."""
    _note(agent_name, lambda calls: setattr(calls, "started", calls.started + 1))


def call_finished(agent_name: str, seconds: float, error: str = "", *, is_fault: bool = True) -> None:
    """Counts an answer after `seconds`; `error` says why the agent could not do the job, "" when it could.

    An error that is not its fault is counted, but says nothing about its health.
    """

    def add(calls: _Calls) -> None:
        calls.finished.add_call(seconds, has_failed=bool(error))
        if error:
            calls.faults_in_a_row += int(is_fault)
            calls.last_error, calls.last_error_at = error[:ERROR_CHARACTERS], timezone.now()
        else:
            calls.faults_in_a_row, calls.had_success = 0, True

    _note(agent_name, add, is_urgent=bool(error))


def call_abandoned(agent_name: str) -> None:
    """A call will never be answered: it was interrupted, or its process died. No error is counted."""
    _note(agent_name, lambda _calls: None)


def _note(agent_name: str, add: Callable[[_Calls], None], *, is_urgent: bool = False) -> None:
    """Urgent is an error: after the one that makes the agent unhealthy it gets no job more."""
    with _guard:
        add(_calls.setdefault(agent_name, _Calls()))
        is_due = is_urgent or time.monotonic() - _written_at.get(agent_name, -math.inf) >= FLUSH_SECONDS
    if is_due:
        flush([agent_name])


def flush(agent_names: Collection[str] | None = None) -> None:
    """Writes the calls of these agents, or of all, to the database, and announces their status.

    The runner's heartbeat calls it; a process that dies loses the counts of at most FLUSH_SECONDS.
    """
    with _guard:
        names = list(_calls) if agent_names is None else [name for name in agent_names if name in _calls]
        taken = {name: _calls.pop(name) for name in names}
        _written_at.update(dict.fromkeys(taken, time.monotonic()))
    if not taken:
        return
    try:
        with _writing:  # so that the last to write has counted last
            running = _running(taken)
            for name, calls in taken.items():
                _write(name, calls, running.get(name, 0))
    except DatabaseError as error:
        log.warning("Calls of agents could not be counted: %s", error)


def _write(agent_name: str, calls: _Calls, running: int) -> None:
    columns: dict[str, Any] = {
        "in_flight": running,
        "message_count": F("message_count") + calls.started,
        "finished_count": F("finished_count") + calls.finished.calls,
        "error_count": F("error_count") + calls.finished.errors,
        "total_seconds": F("total_seconds") + calls.finished.total_seconds,
    }
    if calls.had_success:
        columns |= {"consecutive_errors": calls.faults_in_a_row, "last_seen_at": timezone.now()}
    elif calls.faults_in_a_row:
        columns["consecutive_errors"] = F("consecutive_errors") + calls.faults_in_a_row
    if calls.last_error_at:
        columns |= {"last_error": calls.last_error, "last_error_at": calls.last_error_at}
    with transaction.atomic():
        row = Agent.objects.filter(name=agent_name).only("pk").first() if calls.finished.calls else None
        if row is not None:
            samples.add(row, calls.finished)
        _change(agent_name, **columns)


def _running(agent_names: Collection[str]) -> Mapping[str, int]:
    return _count_running[0](agent_names) if _count_running else {}


def refresh_running() -> None:
    """Writes how many jobs each agent performs now, for when a process may have died that did some."""
    rows = list(Agent.objects.only("name", "in_flight"))
    running = _running([row.name for row in rows])
    for row in rows:
        if row.in_flight != running.get(row.name, 0):
            _change(row.name, in_flight=running.get(row.name, 0))


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
        "enabled": row.is_enabled,
        "draining": row.is_draining,
        "by": row.disabled_by,
        "reason": row.reason,
        "weight": row.weight,
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
        "is_healthy": not row.is_failing,
    }


def statuses(rows: Iterable[Agent], watcher: User) -> list[dict[str, Any]]:
    """The status of each of these agents, with those of its jobs that the watcher may see."""
    found = list(rows)
    jobs = work.running([row.name for row in found], watcher)
    return [{**status_of(row), "jobs": [job.as_body() for job in jobs.get(row.name, ())]} for row in found]


def all_statuses() -> list[dict[str, Any]]:
    """The status of every agent, by name, without its jobs."""
    return [status_of(row) for row in Agent.objects.all()]


def _change(agent_name: str, **columns: Any) -> None:
    with transaction.atomic():
        if Agent.objects.filter(name=agent_name).update(**columns):
            announce(agent_name)


def _announce(agent_name: str) -> None:
    # One at a time: of two threads, the one that tells last must also have read last.
    with _announcing:
        row = Agent.objects.filter(name=agent_name).first()
        if row is not None:
            agent_status_changed.send_robust(sender=Agent, agent_name=agent_name, body=status_of(row))
