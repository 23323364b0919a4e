"""What runs inside a drawing process. Imports no Django: a process is up in a fraction of a second."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

NICENESS = 10  # the loop that serves sockets goes first


def start() -> None:
    """Prepares a new process: low priority, deaf to Ctrl-C (its parent ends it), gone when its parent is."""
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def timed(seconds: int, work: Callable[[], Result]) -> Result:
    """Does the work; the kernel ends the process when it takes too long, even inside native code."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)
    try:
        return work()
    finally:
        signal.alarm(0)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
