"""How the work of a function grows with its input: in CPU time of this thread, which other processes do not disturb."""

import time
from collections.abc import Callable

TIMES = 4
QUADRATIC = TIMES**2 * 0.6  # linear work grows 4 times, quadratic work 16 times; the least of some tries decides
TRIES = 3


def growth(work: Callable[[int], object]) -> float:
    """How many times more CPU time `work(4)` takes than `work(1)`."""
    return min(_cpu_seconds(work, TIMES) for _ in range(TRIES)) / min(_cpu_seconds(work, 1) for _ in range(TRIES))


def _cpu_seconds(work: Callable[[int], object], times: int) -> float:
    started = time.thread_time()
    work(times)
    return time.thread_time() - started
