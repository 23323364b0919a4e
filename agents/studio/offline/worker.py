"""What runs inside a worker process. Imports no Django: a process is up in a fraction of a second."""

import multiprocessing
import os
import resource
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from agents.animatic.progress import Report

NICENESS = 10  # the loop that serves sockets goes first
BYTES_PER_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Order:
    """A piece of work, called as `work(report=…)` where `takes_report`, else as `work()`.

    It may compute for `cpu_seconds`; then the kernel ends the process (SIGPROF), even inside native code.
    """

    work: Callable[..., Any]
    cpu_seconds: float
    takes_report: bool = False

    def carried_out(self, report: Report) -> Any:  # noqa: ANN401 - whatever the work returns
        return self.work(report=report) if self.takes_report else self.work()


@dataclass(frozen=True, slots=True)
class Started:
    """The process is up and has read its order; the work begins."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is."""

    fraction: float
    words: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the work returned."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failure:
    """What the work raised."""

    error: Exception


Message = Started | Progress | Result | Failure


def serve(connection: Connection, megabytes: int) -> None:
    """Does one order after the other until the connection ends. `megabytes` is all the memory that it may use."""
    _prepare(megabytes)
    while True:
        try:
            answer = _carried_out(connection)
        except EOFError:
            return
        try:
            connection.send(answer)
        except Exception as error:  # noqa: BLE001 - a result or an error that cannot be pickled
            connection.send(Failure(TypeError(f"The worker cannot hand over what it made: {error}")))


def _prepare(megabytes: int) -> None:
    """Low priority, deaf to Ctrl-C (its parent ends it), gone when its parent is, with a limit of memory."""
    os.nice(NICENESS)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads would take memory for nothing
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = megabytes * BYTES_PER_MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    threading.Thread(target=_follow_parent, daemon=True).start()


def _carried_out(connection: Connection) -> Result | Failure:
    """Waits for an order and carries it out.

    Raises: EOFError when there will be none.
    """
    try:
        order: Order = connection.recv()
        connection.send(Started())
        signal.setitimer(signal.ITIMER_PROF, order.cpu_seconds)
        try:
            return Result(order.carried_out(lambda fraction, words: connection.send(Progress(fraction, words))))
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except EOFError:
        raise
    except Exception as error:  # noqa: BLE001 - raised again by the process that asked for it
        error.add_note(f"In a worker process:\n{traceback.format_exc()}")
        return Failure(error)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
