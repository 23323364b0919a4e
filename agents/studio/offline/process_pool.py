"""The drawing processes that all jobs of this server share, so that its own loop stays free.

They are spawned, never forked: a fork of a threaded server may inherit a lock that is never released.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from django.conf import settings

from agents.contract import AgentError
from agents.studio.offline import worker

POLL_SECONDS = 0.1  # how soon a request to stop gets through
SECONDS_PER_DRAWING = 30  # far beyond any real one
TRIES = 2  # a process that dies takes the drawings of the others with it: they get a second one

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def run(
    waiting: Callable[[], None], work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    """The result of the work, done in a drawing process; calls `waiting` every 0.1 s meanwhile.

    Raises: AgentError (retryable) when the process died or took too long; what `work` or `waiting` raises.
    """
    for _ in range(TRIES):
        pool = _open_pool()
        try:
            return _await(pool.submit(worker.timed, SECONDS_PER_DRAWING, partial(work, *args, **kwargs)), waiting)
        except BrokenProcessPool:
            _drop(pool)
    raise AgentError("The drawing process died or took too long.", retryable=True)


def close() -> None:
    """Ends the processes after what they are drawing; waiting drawings are dropped. The next `run` opens new ones."""
    global _pool
    with _lock:
        pool, _pool = _pool, None
    if pool is not None:
        pool.shutdown(wait=True, cancel_futures=True)


def _await(future: "Future[Result]", waiting: Callable[[], None]) -> Result:
    try:
        while not wait([future], timeout=POLL_SECONDS).done:
            waiting()
    except BaseException:
        future.cancel()
        raise
    return future.result()


def _open_pool() -> ProcessPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            _pool = ProcessPoolExecutor(
                max_workers=settings.STUDIO_PROCESSES or os.cpu_count() or 1,
                mp_context=get_context("spawn"),
                initializer=worker.start,
            )
        return _pool


def _drop(broken: ProcessPoolExecutor) -> None:
    global _pool
    with _lock:
        if _pool is broken:
            _pool = None
    broken.shutdown(wait=False, cancel_futures=True)
