"""Runs attempts in threads of this process. One runner a data folder: a lock file says whose turn it is.

Idle threads take turns at looking for work: one looks, the others wait for its place. A pulse beside them renews
leases, passes progress on and takes up what was lost.
"""

import atexit
import fcntl
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from agents import metrics as agent_metrics
from agents import registry
from workflows import attempts, metrics, outcomes, progress, recovery
from workflows.connections import keep_connections
from workflows.outcomes import Claim
from workflows.signals import work_became_ready

log = logging.getLogger(__name__)

Result = TypeVar("Result")

LOOK_SECONDS = 2.0  # how often to look for work that nobody called out (of another process, or after a backoff)
PULSE_SECONDS = 1.0
FLUSH_SECONDS = 0.02
RECOVERY_SECONDS = 5.0
LOCK_SECONDS = 2.0
STOP_SECONDS = 8.0  # how long a stop waits for attempts to reach a checkpoint
STOP_LOOK_SECONDS = 0.1


class LocalRunner:
    """Threads that claim and perform attempts, until stopped."""

    def __init__(self, threads: int) -> None:
        self._place = _place_name()
        self.name = f"{self._place}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._lock = _FolderLock(Path(settings.DATA_DIR) / "runner.lock")
        self._stopping = threading.Event()
        self._work_called = threading.Event()
        self._turn_to_look = threading.Lock()
        self._pulse_thread = threading.Thread(target=self._pulse, name="runner-pulse", daemon=True)
        self._workers = [
            threading.Thread(target=self._work, name=f"runner-{number}", daemon=True) for number in range(threads)
        ]

    @property
    def is_in_charge(self) -> bool:
        """Whether this process makes the videos of its data folder (another one may)."""
        return self._lock.is_held

    @property
    def is_alive(self) -> bool:
        """Whether its pulse beats."""
        return self._pulse_thread.is_alive()

    def start(self) -> None:
        """Returns at once; work begins as soon as no other process runs this data folder's."""
        work_became_ready.connect(self._call, dispatch_uid=self.name)
        self._pulse_thread.start()

    def stop(self) -> None:
        """Stops what is under way at its next checkpoint, to be taken up by the next start. Waits at most 8 s."""
        self._stopping.set()
        self._work_called.set()
        work_became_ready.disconnect(dispatch_uid=self.name)
        until = time.monotonic() + STOP_SECONDS
        while (busy := self._busy_threads()) and time.monotonic() < until:
            attempts.stop(attempts.under_way())  # again each time: one may have been claimed just before the stop
            busy[0].join(STOP_LOOK_SECONDS)
        self._lock.release()

    def _busy_threads(self) -> list[threading.Thread]:
        return [thread for thread in (self._pulse_thread, *self._workers) if thread.is_alive()]

    def _call(self, **_: object) -> None:
        self._work_called.set()

    # --- the pulse ---

    def _pulse(self) -> None:
        keep_connections()
        if not self._come_into_charge():
            return
        duties = [
            _Duty(PULSE_SECONDS, duty) for duty in (attempts.renew_leases, progress.save, metrics.announce_now_and_then)
        ]
        duties.append(_Duty(RECOVERY_SECONDS, recovery.recover_lost))
        while not self._stopping.is_set():
            if progress.wait_for_reports(min(duty.seconds_left for duty in duties)):
                progress.flush()
                self._stopping.wait(FLUSH_SECONDS)
            for duty in duties:
                duty.do_if_due()
        connections.close_all()

    def _come_into_charge(self) -> bool:
        """Waits for the lock, takes up what was left, lets the workers begin. False when stopped before."""
        while not self._lock.take():
            if self._stopping.wait(LOCK_SECONDS):
                return False
        _safely(self._take_over)
        for worker in self._workers:
            worker.start()
        return True

    def _take_over(self) -> None:
        registry.sync()
        recovery.take_over(place=self._place, runner=self.name)
        agent_metrics.reset_in_flight()

    # --- the workers ---

    def _work(self) -> None:
        keep_connections()
        while claim := self._next_claim():
            _safely(partial(attempts.perform, claim))
        connections.close_all()

    def _next_claim(self) -> Claim | None:
        """Blocks until there is something to do; None when stopping."""
        with self._turn_to_look:
            while not self._stopping.is_set():
                self._work_called.clear()
                if claim := _safely(partial(attempts.claim_next, self.name)):
                    if self._stopping.is_set():
                        outcomes.interrupted(claim, "restart")
                        return None
                    return claim
                self._work_called.wait(LOOK_SECONDS)
        return None


class _Duty:
    """Something to do every so many seconds."""

    def __init__(self, every_seconds: float, duty: Callable[[], object]) -> None:
        self._every_seconds, self._duty = every_seconds, duty
        self._next = time.monotonic()

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._next - time.monotonic())

    def do_if_due(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every_seconds
            _safely(self._duty)


def _safely(duty: Callable[[], Result]) -> Result | None:
    """A thread must outlive whatever goes wrong once: it is logged, and tried again in its time."""
    try:
        close_old_connections()
        return duty()
    except DatabaseError as error:
        log.warning("The database did not answer a runner: %s", error)
    except Exception:
        log.exception("A runner's duty failed")
    return None


def _place_name() -> str:
    """What names this data folder among those that share a database; made once and kept in it."""
    path = Path(settings.DATA_DIR) / "place"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x") as file:
            file.write(uuid.uuid4().hex[:12])
    except FileExistsError:
        pass
    return path.read_text().strip()


class _FolderLock:
    """An advisory lock that the kernel lets go of when its process dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        return self._descriptor is not None

    def take(self) -> bool:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


_runner: LocalRunner | None = None


def start() -> LocalRunner:
    """Starts this process's runner, once."""
    global _runner
    if _runner is None:
        _runner = LocalRunner(settings.RUNNER_THREADS)
        _runner.start()
        atexit.register(stop)
    return _runner


def is_alive() -> bool:
    """Whether it was started and its pulse beats (it may still wait for another process's runner to end)."""
    return _runner is not None and _runner.is_alive


def stop() -> None:
    """Stops it, if it was started."""
    global _runner
    if _runner is not None:
        _runner.stop()
        _runner = None
