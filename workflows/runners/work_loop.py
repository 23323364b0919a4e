"""Claims and performs attempts: in threads that wait for work, or once until there is none.

Of the idle threads one looks for work, the others wait for it to find some.
"""

import threading
import time
from collections.abc import Callable
from functools import partial

from workflows import attempts, claims, executions, outcomes, remote_jobs, watchdog
from workflows.claims import FollowUp
from workflows.connections import keep_connections
from workflows.outcomes import Claim
from workflows.runners.heartbeat import close_connections, safely
from workflows.runners.worker_threads import WorkerThreads

POLL_SECONDS = 2.0  # between two looks for work that nothing announced (a lost message, or the end of a backoff)
STOP_POLL_SECONDS = 0.1


class WorkLoop:
    """Threads that perform attempts for the runner of this name, until `stopping` is set."""

    def __init__(self, runner: str, threads: int, skills: frozenset[str] | None, stopping: threading.Event) -> None:
        self._runner, self._skills, self._stopping = runner, skills, stopping
        self._work_available = threading.Event()
        self._looking = threading.Lock()
        self._threads = WorkerThreads(self._work, threads)

    @property
    def is_stuck(self) -> bool:
        """Whether all threads hang in agents that were given up."""
        return self._threads.are_stuck

    def refill(self) -> None:
        """Starts the threads that are missing: all at first, later those that replace stuck ones."""
        if not self._stopping.is_set():
            self._threads.refill()

    def wake(self) -> None:
        """There may be work."""
        self._work_available.set()

    def join(self, seconds: float) -> bool:
        """Stops what runs at its next checkpoint, once `stopping` is set. Whether all of it has ended in time."""
        until = time.monotonic() + seconds
        while (busy := self._busy() or executions.without_threads()) and time.monotonic() < until:
            self.wake()
            executions.stop(executions.running_here())  # each time: one may have been claimed just before the stop
            busy[0].join(STOP_POLL_SECONDS)
        if busy:
            watchdog.end_all()
        return not busy

    def _busy(self) -> list[threading.Thread]:
        return [thread for thread in self._threads.working() if thread.is_alive()]

    def _work(self) -> None:
        keep_connections()
        _perform_each(self._next_claim, self._runner, self._skills, self._stopping)
        close_connections()

    def _next_claim(self, served: int | None) -> Claim | None:
        """Blocks until there is an attempt to perform; None when stopping."""
        with self._looking:
            while not self._stopping.is_set():
                self._work_available.clear()
                if claim := claim_unless_stopping(self._runner, self._skills, self._stopping, served):
                    return claim
                self._work_available.wait(POLL_SECONDS)
        return None


def perform_all(runner: str, skills: frozenset[str] | None, stopping: threading.Event) -> int:
    """Performs attempts in this thread until there is none to claim, or `stopping` is set. Returns how many."""
    return _perform_each(partial(claim_unless_stopping, runner, skills, stopping), runner, skills, stopping)


def _perform_each(
    next_claim: Callable[[int | None], Claim | None],
    runner: str,
    skills: frozenset[str] | None,
    stopping: threading.Event,
) -> int:
    """Performs what `next_claim` gives, and what follows up on it, until it gives None. It takes the user who was served last.

    Returns how many.
    """
    done, claim, served = 0, None, None
    while claim := claim or next_claim(served):
        if remote_jobs.start_if_async(claim):
            done, served, claim = done + 1, claim.owner, None
            continue
        follow_up = FollowUp(claim, runner, skills, stopping)
        if safely(partial(attempts.perform, claim, follow_up)) is False:
            break  # it was given up: what else there is, is another thread's
        done, served = done + 1, claim.owner
        claim = unless_stopping(follow_up.claim, stopping)
    return done


def claim_unless_stopping(
    runner: str, skills: frozenset[str] | None, stopping: threading.Event, served: int | None
) -> Claim | None:
    """The next attempt; None when there is none or `stopping` is set."""
    if stopping.is_set():
        return None
    return unless_stopping(safely(partial(claims.claim_next, runner, skills, served)), stopping)


def unless_stopping(claim: Claim | None, stopping: threading.Event) -> Claim | None:
    """The attempt that was just claimed; given back when `stopping` is set, and None then."""
    if claim and stopping.is_set():  # set meanwhile: whoever stops may not know of this attempt
        outcomes.interrupted(claim, "restart")
        return None
    return claim
