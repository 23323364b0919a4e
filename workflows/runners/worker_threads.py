"""The worker threads of a runner: as many as wanted are free to work, also when some hang in an agent for ever."""

import itertools
import threading
from collections.abc import Callable

from workflows import executions


class WorkerThreads:
    """Threads that call `work`, `count` of them; at most as many more take the place of stuck ones."""

    def __init__(self, work: Callable[[], None], count: int) -> None:
        self._work = work
        self._count, self._limit = count, 2 * count
        self._threads: list[threading.Thread] = []
        self._numbers = itertools.count()

    def refill(self) -> None:
        """Starts the threads that are missing. One that comes back after it was given up ends by itself."""
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        missing = self._count - len(self.working())
        for _ in range(min(missing, self._limit - len(self._threads))):
            thread = threading.Thread(target=self._work, name=f"runner-{next(self._numbers)}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def working(self) -> list[threading.Thread]:
        """Those that are not stuck."""
        stuck = {execution.thread for execution in executions.present() if execution.is_given_up}
        return [thread for thread in self._threads if thread not in stuck]

    @property
    def are_stuck(self) -> bool:
        """Whether all are, and there may be no more of them."""
        return len(self._threads) == self._limit and not self.working()
