"""What a runner does regularly beside its work, and how its threads survive errors.

It says that it is alive, renews leases, enforces limits, sends and saves progress, announces metrics, and recovers lost attempts.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from accounts import logins
from agents import metrics as agent_metrics
from agents import samples
from workflows import (
    attempts,
    liveness,
    metrics,
    pictures,
    progress,
    recovery,
    remote_jobs,
    retention,
    standstill,
    watchdog,
)
from workflows.connections import keep_connections
from workflows.liveness import RunnerInfo
from workflows.runners import folder

log = logging.getLogger(__name__)

Result = TypeVar("Result")

LEASES_SECONDS = 1.0
REASONS_SECONDS = 2.0  # between two looks for why workflows wait
RECOVERY_SECONDS = 5.0
FLUSH_SECONDS = 0.02
RETRY_SECONDS = 0.5  # after a flush that failed
CLEARING_SECONDS = 21_600.0


class PeriodicCall:
    """Calls a function every so many seconds."""

    def __init__(self, every_seconds: float, function: Callable[[], object]) -> None:
        self._every_seconds, self._function = every_seconds, function
        self._next = time.monotonic()

    @property
    def seconds_left(self) -> float:
        """Seconds until it is due."""
        return max(0.0, self._next - time.monotonic())

    def run_if_due(self) -> None:
        """Calls the function if it is due; never raises."""
        now = time.monotonic()
        if now >= self._next:
            # From when it was due, not from now: what began together stays together, and the thread wakes once for all.
            self._next = max(self._next, now - self._every_seconds) + self._every_seconds
            safely(self._function)


def calls_of(runner: RunnerInfo) -> list[PeriodicCall]:
    """What a runner does regularly."""
    each_second = (
        attempts.renew_leases,
        watchdog.enforce,
        standstill.record_stalls,
        progress.save,
        agent_metrics.flush,
        metrics.announce_if_due,
    )
    now_and_then = (
        recovery.recover_lost,
        recovery.fail_unanswered,
        remote_jobs.withdraw_left,
        remote_jobs.check_agents,
        agent_metrics.refresh_running,
    )
    return [
        PeriodicCall(liveness.HEARTBEAT_SECONDS, partial(liveness.sign_in, runner)),
        PeriodicCall(liveness.HEARTBEAT_SECONDS, declare_dead_here),
        *(PeriodicCall(LEASES_SECONDS, function) for function in each_second),
        PeriodicCall(REASONS_SECONDS, standstill.announce_reasons),
        *(PeriodicCall(RECOVERY_SECONDS, function) for function in now_and_then),
    ]


def calls_of_server() -> list[PeriodicCall]:
    """What a server without a runner does regularly, so that watchers and health checks see that there is none."""
    return [
        PeriodicCall(liveness.HEARTBEAT_SECONDS, declare_dead_here),
        PeriodicCall(LEASES_SECONDS, metrics.announce_if_due),
        PeriodicCall(REASONS_SECONDS, standstill.announce_reasons),
    ]


def declare_dead_here() -> None:
    """Says that the runners of this data folder whose process has died are dead, before they are STALE_SECONDS late."""
    if dead := folder.dead_runners():
        liveness.declare_dead(dead)


def beat(calls: Iterable[PeriodicCall], stopping: threading.Event) -> None:
    """Runs the calls when they are due, and sends progress meanwhile, until `stopping` is set."""
    calls = list(calls)
    while not stopping.is_set():
        if progress.wait_for_reports(min(call.seconds_left for call in calls)):
            # Before a report is sent its bound may have to be written: an outage must not end this thread.
            stopping.wait(FLUSH_SECONDS if safely(_flushed) else RETRY_SECONDS)
        for call in calls:
            call.run_if_due()


def _flushed() -> bool:
    progress.flush()
    return True


def start_clearing(stopping: threading.Event) -> threading.Thread:
    """Starts a thread that deletes what dead processes left and what ended long ago, and thins the history of agents.

    Now and every CLEARING_SECONDS, until `stopping` is set.

    It is not done between two heartbeats, because a storage may be slow or out of reach.
    """
    thread = threading.Thread(target=_clear_away, args=(stopping,), name="runner-clearing", daemon=True)
    thread.start()
    return thread


def _clear_away(stopping: threading.Event) -> None:
    is_over = stopping.is_set()
    while not is_over:
        safely(recovery.clear_away)
        safely(samples.thin)
        safely(partial(retention.enforce, stopping))
        safely(pictures.remove_unused)
        safely(logins.forget_expired)
        close_connections()
        is_over = stopping.wait(CLEARING_SECONDS)


def announce_metrics() -> None:
    """For a server without a runner: starts a thread that announces the metrics, so that watchers see that there is none.

    It also announces why workflows wait.
    """
    threading.Thread(target=_announce_metrics, name="metrics", daemon=True).start()


def _announce_metrics() -> None:
    keep_connections()
    beat(calls_of_server(), threading.Event())


def safely(function: Callable[[], Result]) -> Result | None:
    """Calls the function; logs any error and returns None then: the thread must survive it and try again later."""
    try:
        close_old_connections()
        return function()
    except DatabaseError as error:
        log.warning("The runner could not reach the database: %s", error)
    except Exception:
        log.exception("The runner failed at a step; it goes on.")
    return None


def close_connections() -> None:
    """Closes the database connections of this thread, which ends."""
    connections.close_all()
