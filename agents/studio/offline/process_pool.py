"""Worker processes, one pipe each: a process can be killed at any moment, and that ends its own piece of work only.

They are spawned, never forked: a fork of a threaded server may inherit a lock that is never released.

Our own, because the processes of concurrent.futures (one that dies breaks the pool for everybody) and of Pebble 5 (an
idle one that dies breaks the pool; native code is killed after 3 s) share one queue and its locks, and neither reports progress.
"""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from agents.animatic.progress import Report
from agents.studio.offline.worker import Failure, Message, Order, Progress, Result, Started, serve

POLL_SECONDS = 0.1  # how soon a request to stop gets through
START_SECONDS = 60.0  # for a process to start and to import what it needs, on a busy machine
EXIT_SECONDS = 2.0  # for an idle process to end by itself

_context = get_context("spawn")


class WorkerDied(Exception):
    """The process died: it was killed from outside, or a library gave up."""


class WorkTooSlow(Exception):
    """The work did not end in time."""


class WorkTooLong(WorkTooSlow):
    """The work computed for longer than it may, however busy the machine is: it would again."""


class ProcessPool:
    """At most `size` processes, started when they are needed and kept."""

    def __init__(self, size: int, *, megabytes: int) -> None:
        self._slots = threading.Semaphore(size)
        self._megabytes = megabytes
        self._guard = threading.Lock()
        self._idle: list[_Process] = []
        self._all: set[_Process] = set()

    def run(self, order: Order, *, seconds: float, report: Report, words: str) -> Any:  # noqa: ANN401 - whatever the work returns
        """The result of the order's work, done in a worker process within `seconds`; both must be picklable. Blocks.

        What the work reports is reported here, and `report` is called at least every 0.1 s: what it raises ends the work
        at once. `words` are reported until the work has some of its own.
        Raises: WorkerDied, WorkTooLong, WorkTooSlow; what the work or `report` raises.
        """
        with self._slot(report, words), self._process() as process:
            return process.run(order, seconds, report, words)

    def close(self) -> None:
        """Ends all processes; work under way raises WorkerDied. The next `run` starts new ones."""
        with self._guard:
            idle, busy = self._idle, self._all - set(self._idle)
            self._idle, self._all = [], set()
        for process in busy:
            process.kill()
        for process in idle:
            process.end()

    @contextmanager
    def _slot(self, report: Report, words: str) -> Iterator[None]:
        while not self._slots.acquire(timeout=POLL_SECONDS):
            report(0.0, words)
        try:
            yield
        finally:
            self._slots.release()

    @contextmanager
    def _process(self) -> Iterator["_Process"]:
        """An idle process, or a new one. It is kept unless the work on it broke off."""
        process = self._taken() or self._started()
        try:
            yield process
        finally:
            if not self._kept(process):
                process.kill()
                process.end()

    def _taken(self) -> "_Process | None":
        with self._guard:
            while self._idle:
                process = self._idle.pop()
                if process.is_alive:
                    return process
                self._all.discard(process)
        return None

    def _started(self) -> "_Process":
        process = _Process(self._megabytes)
        with self._guard:
            self._all.add(process)
        return process

    def _kept(self, process: "_Process") -> bool:
        with self._guard:
            is_kept = process.is_reusable and process in self._all  # not so when the pool was closed meanwhile
            if is_kept:
                self._idle.append(process)
            else:
                self._all.discard(process)
        return is_kept


class _Process:
    """One worker process, and our end of its pipe."""

    def __init__(self, megabytes: int) -> None:
        self._connection, theirs = _context.Pipe()
        self._process = _context.Process(target=serve, args=(theirs, megabytes), name="studio", daemon=True)
        self._process.start()
        theirs.close()
        self.is_reusable = True

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def run(self, order: Order, seconds: float, report: Report, words: str) -> Any:  # noqa: ANN401 - whatever the work returns
        """Carries out the order. If it ends in any other way than with the work's own result or error, the process is spoilt."""
        self.is_reusable = False
        try:
            self._connection.send(order)
            answer = self._answer(seconds, report, words)
        except (EOFError, ConnectionError):
            raise self._death() from None
        if isinstance(answer, Failure):
            self.is_reusable = not isinstance(answer.error, MemoryError)
            raise answer.error
        self.is_reusable = True
        return answer.value

    def _answer(self, seconds: float, report: Report, words: str) -> Result | Failure:
        fraction, deadline = 0.0, time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            match self._message():
                case Started():
                    deadline = time.monotonic() + seconds
                case Progress() as progress:
                    fraction, words = progress.fraction, progress.words
                case Result() | Failure() as answer:
                    return answer
                case None:
                    pass
            report(fraction, words)
        raise WorkTooSlow

    def _message(self) -> Message | None:
        message: Message | None = self._connection.recv() if self._connection.poll(POLL_SECONDS) else None
        return message

    def _death(self) -> WorkerDied | WorkTooLong:
        self._process.join(EXIT_SECONDS)
        if self._process.exitcode == -signal.SIGPROF:
            return WorkTooLong()
        return WorkerDied(f"exit code {self._process.exitcode}")

    def kill(self) -> None:
        """Ends the process at once, whatever it does."""
        self._process.kill()

    def end(self) -> None:
        """Lets an idle process end by itself, so that it can tidy up. Only for whoever holds this end of the pipe."""
        self._connection.close()
        self._process.join(EXIT_SECONDS)
        self._process.kill()
        self._process.join()
