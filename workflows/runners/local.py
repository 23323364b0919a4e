"""A runner in threads of this process: of a server, of a worker, or of a command.

With PostgreSQL any number of them work at the same time. With SQLite there is one per data folder: the one that holds
its lock file; the others wait for it to end.
"""

import atexit
import math
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from agents import metrics as agent_metrics
from agents import registry
from workflows import estimates, liveness, recovery
from workflows.connections import keep_connections
from workflows.liveness import RunnerInfo
from workflows.models import Runner
from workflows.runners import folder, heartbeat
from workflows.runners.heartbeat import PeriodicCall, safely
from workflows.runners.notifications import Listener
from workflows.runners.work_loop import WorkLoop
from workflows.signals import work_became_ready

LOCK_SECONDS = 2.0  # between two tries to take the lock of the data folder
STOP_SECONDS = 8.0  # how long a stop waits for attempts to reach a checkpoint
SIGN_OUT_SECONDS = 2.0


class LocalRunner:
    """Threads that claim and perform attempts, with a heartbeat beside them, until stopped.

    `skills` are the ids of those that it serves; None means all.
    """

    def __init__(
        self, threads: int, skills: frozenset[str] | None = None, kind: Runner.Kind = Runner.Kind.LOCAL
    ) -> None:
        self.info = RunnerInfo(name=folder.runner_name(), kind=kind, threads=threads, skills=skills)
        self._is_only_one = connection.vendor == "sqlite"
        self._lock = folder.FolderLock(Path(settings.DATA_DIR) / "runner.lock")
        self._sign_of_life = folder.runner_lock(self.name)
        self._is_active = threading.Event()
        self._stopping = threading.Event()
        self._beat_at = math.inf  # until the first beat; taking over may last
        self._work = WorkLoop(self.name, threads, skills, self._stopping)
        self._listener = Listener(self._work.wake, self._stopping)
        self._thread = threading.Thread(target=self._run, name="runner-heartbeat", daemon=True)

    @property
    def name(self) -> str:
        """Its name, as in `Attempt.runner`."""
        return self.info.name

    @property
    def is_active(self) -> bool:
        """Whether it works; if not, it waits for another process's runner to release the data folder."""
        return self._is_active.is_set()

    @property
    def is_alive(self) -> bool:
        """Whether its heartbeat thread runs; it may still wait for the lock."""
        return self._thread.is_alive()

    @property
    def is_silent(self) -> bool:
        """Whether its heartbeat hangs: others take it for dead by then, and take up its work."""
        return time.monotonic() - self._beat_at > liveness.STALE_SECONDS

    @property
    def is_stuck(self) -> bool:
        """Whether all its worker threads hang in agents that were given up."""
        return self._work.is_stuck

    def start(self) -> None:
        """Returns at once; work begins as soon as no other process holds the lock of the data folder."""
        work_became_ready.connect(self._on_work_ready, dispatch_uid=self.name)
        self._thread.start()

    def stop(self) -> None:
        """Stops running attempts at their next checkpoint; other runners, or the next start, take them up.

        Blocks for STOP_SECONDS + SIGN_OUT_SECONDS at most.
        """
        self._stopping.set()
        work_became_ready.disconnect(dispatch_uid=self.name)
        self._work.join(STOP_SECONDS)
        if self._thread.is_alive():
            self._thread.join(SIGN_OUT_SECONDS)
        self._lock.release()
        self._sign_of_life.release()

    def _on_work_ready(self, **_: object) -> None:
        self._work.wake()

    # --- its thread: begins, beats, ends ---

    def _run(self) -> None:
        keep_connections()
        if self._begin():
            clearing = heartbeat.start_clearing(self._stopping)
            refill = PeriodicCall(heartbeat.LEASES_SECONDS, self._work.refill)
            self._has_beaten()
            beating = PeriodicCall(heartbeat.LEASES_SECONDS, self._has_beaten)
            heartbeat.beat([*heartbeat.calls_of(self.info), refill, beating], self._stopping)
            clearing.join(SIGN_OUT_SECONDS)
            # An attempt that goes on would be taken up too late without the row: it shows that its runner is dead.
            if self._work.join(STOP_SECONDS):  # `stop` waits for them, too
                safely(self._sign_out)
        heartbeat.close_connections()

    def _has_beaten(self) -> None:
        self._beat_at = time.monotonic()

    def _begin(self) -> bool:
        """Takes up what dead runners left, and starts the threads. False when stopped before that."""
        while self._is_only_one and not self._lock.take():
            if self._stopping.wait(LOCK_SECONDS):
                return False
        self._is_active.set()
        safely(self._take_over)
        self._work.refill()
        self._listener.start()
        return True

    def _take_over(self) -> None:
        self._sign_of_life.take()
        liveness.sign_in(self.info)
        registry.sync()
        estimates.machine_slowness()  # measures it now, outside of any transaction
        dead = folder.dead_runners()
        if self._is_only_one:
            recovery.take_over(data_folder_id=folder.data_folder_id(), runner=self.name)
        else:
            recovery.join(dead=dead)
        agent_metrics.refresh_running()

    def _sign_out(self) -> None:
        liveness.sign_out(self.name)
        self._sign_of_life.delete()


_runner: LocalRunner | None = None


def start() -> LocalRunner:
    """Starts this process's runner, once."""
    global _runner
    if _runner is None:
        _runner = LocalRunner(settings.RUNNER_THREADS)
        _runner.start()
        atexit.register(stop)
    return _runner


def state() -> str:
    """Of this process's runner: "ok", or "stopped", "waiting" (for another process's to end), "silent" or "stuck"."""
    if _runner is None or not _runner.is_alive:
        return "stopped"
    if not _runner.is_active:
        return "waiting"
    if _runner.is_silent:
        return "silent"
    return "stuck" if _runner.is_stuck else "ok"


def stop() -> None:
    """Stops it, if it was started."""
    global _runner
    if _runner is not None:
        _runner.stop()
        _runner = None
