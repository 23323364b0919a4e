"""Runs attempts in threads of this process. One runner per data folder: the one that holds its lock file.

Of the idle worker threads one polls for work, the others wait for it to find some. A heartbeat thread beside them
renews leases, enforces limits, sends and saves progress, and recovers attempts that were lost.
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
from workflows import attempts, claims, executions, metrics, outcomes, progress, recovery, watchdog
from workflows.connections import keep_connections
from workflows.outcomes import Claim
from workflows.runners.worker_threads import WorkerThreads
from workflows.signals import work_became_ready

log = logging.getLogger(__name__)

Result = TypeVar("Result")

POLL_SECONDS = 2.0  # between two looks for work that no signal announced (of another process, or after a backoff)
HEARTBEAT_SECONDS = 1.0
FLUSH_SECONDS = 0.02
RECOVERY_SECONDS = 5.0
LOCK_SECONDS = 2.0  # between two tries to take the lock of the data folder
STOP_SECONDS = 8.0  # how long a stop waits for attempts to reach a checkpoint
STOP_POLL_SECONDS = 0.1


class LocalRunner:
    """Threads that claim and perform attempts, until stopped."""

    def __init__(self, threads: int) -> None:
        self._data_folder_id = _data_folder_id()
        self.name = f"{self._data_folder_id}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._lock = _FolderLock(Path(settings.DATA_DIR) / "runner.lock")
        self._stopping = threading.Event()
        self._work_available = threading.Event()
        self._polling = threading.Lock()
        self._heartbeat_thread = threading.Thread(target=self._heartbeat, name="runner-heartbeat", daemon=True)
        self._workers = WorkerThreads(self._work, threads)

    @property
    def is_active(self) -> bool:
        """Whether this process holds the lock of its data folder; if not, another process's runner does the work."""
        return self._lock.is_held

    @property
    def is_alive(self) -> bool:
        """Whether its heartbeat thread runs; it may still wait for the lock."""
        return self._heartbeat_thread.is_alive()

    @property
    def is_stuck(self) -> bool:
        """Whether all its worker threads hang in agents that were given up."""
        return self._workers.are_stuck

    def start(self) -> None:
        """Returns at once; work begins as soon as no other process holds the lock of the data folder."""
        work_became_ready.connect(self._on_work_ready, dispatch_uid=self.name)
        self._heartbeat_thread.start()

    def stop(self) -> None:
        """Stops running attempts at their next checkpoint; the next start takes them up. Blocks at most STOP_SECONDS."""
        self._stopping.set()
        self._work_available.set()
        work_became_ready.disconnect(dispatch_uid=self.name)
        until = time.monotonic() + STOP_SECONDS
        while (busy := self._busy_threads()) and time.monotonic() < until:
            executions.stop(executions.running_here())  # each time: one may have been claimed just before the stop
            busy[0].join(STOP_POLL_SECONDS)
        watchdog.end_all()
        self._lock.release()

    def _busy_threads(self) -> list[threading.Thread]:
        return [thread for thread in (self._heartbeat_thread, *self._workers.working()) if thread.is_alive()]

    def _on_work_ready(self, **_: object) -> None:
        self._work_available.set()

    # --- the heartbeat ---

    def _heartbeat(self) -> None:
        keep_connections()
        if not self._acquire_lock():
            return
        each_heartbeat = (
            attempts.renew_leases,
            watchdog.enforce,
            self._workers.refill,
            progress.save,
            agent_metrics.flush,
            metrics.announce_if_due,
        )
        calls = [_PeriodicCall(HEARTBEAT_SECONDS, function) for function in each_heartbeat]
        calls += [
            _PeriodicCall(RECOVERY_SECONDS, each) for each in (recovery.recover_lost, agent_metrics.refresh_running)
        ]
        while not self._stopping.is_set():
            if progress.wait_for_reports(min(call.seconds_left for call in calls)):
                progress.flush()
                self._stopping.wait(FLUSH_SECONDS)
            for call in calls:
                call.run_if_due()
        connections.close_all()

    def _acquire_lock(self) -> bool:
        """Waits for the lock, recovers what an earlier runner left, starts the workers. False when stopped before."""
        while not self._lock.take():
            if self._stopping.wait(LOCK_SECONDS):
                return False
        _safely(self._take_over)
        self._workers.refill()
        return True

    def _take_over(self) -> None:
        registry.sync()
        recovery.take_over(data_folder_id=self._data_folder_id, runner=self.name)
        agent_metrics.refresh_running()

    # --- the workers ---

    def _work(self) -> None:
        keep_connections()
        while claim := self._next_claim():
            if _safely(partial(attempts.perform, claim)) is False:
                break  # it was given up, and another thread has taken its place
        connections.close_all()

    def _next_claim(self) -> Claim | None:
        """Blocks until there is an attempt to perform; None when stopping."""
        with self._polling:
            while not self._stopping.is_set():
                self._work_available.clear()
                if claim := _safely(partial(claims.claim_next, self.name)):
                    if self._stopping.is_set():
                        outcomes.interrupted(claim, "restart")
                        return None
                    return claim
                self._work_available.wait(POLL_SECONDS)
        return None


class _PeriodicCall:
    """Calls a function every so many seconds."""

    def __init__(self, every_seconds: float, function: Callable[[], object]) -> None:
        self._every_seconds, self._function = every_seconds, function
        self._next = time.monotonic()

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._next - time.monotonic())

    def run_if_due(self) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every_seconds
            _safely(self._function)


def _safely(function: Callable[[], Result]) -> Result | None:
    """Calls the function; logs any error and returns None then: the thread must survive it and try again later."""
    try:
        close_old_connections()
        return function()
    except DatabaseError as error:
        log.warning("The runner could not reach the database: %s", error)
    except Exception:
        log.exception("The runner failed at a step; it goes on.")
    return None


def _data_folder_id() -> str:
    """Tells this data folder from others that share its database; made once and kept in its file `place`."""
    path = Path(settings.DATA_DIR) / "place"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x") as file:
            file.write(uuid.uuid4().hex[:12])
    except FileExistsError:
        pass
    return path.read_text().strip()


class _FolderLock:
    """An advisory lock on a file; the kernel releases it when the process dies, however it dies."""

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
    """Whether it was started and its heartbeat thread runs (it may still wait for another process's runner to end)."""
    return _runner is not None and _runner.is_alive


def is_stuck() -> bool:
    """Whether it was started and all its worker threads hang in agents that were given up."""
    return _runner is not None and _runner.is_stuck


def stop() -> None:
    """Stops it, if it was started."""
    global _runner
    if _runner is not None:
        _runner.stop()
        _runner = None
