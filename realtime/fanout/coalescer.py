"""Decides when what has come is sent: at once while little comes, in batches while much does.

After each flush nothing is sent for a while; what comes meanwhile is the next batch. The while is `least` seconds,
doubles with every flush of BUSY_COUNT or more, up to `most`, and is `least` again once nothing has come for so long.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

BUSY_COUNT: Final = 100  # things in one flush: there is a load, and waiting longer saves work


class Timer(Protocol):
    """What `call_later` returns."""

    def cancel(self) -> None:
        """The callback is not called."""


class Clock(Protocol):
    """The part of an event loop that is needed here."""

    def time(self) -> float:
        """Now, in seconds."""

    def call_later(self, delay: float, callback: Callable[[], Any], /) -> Timer:
        """Calls back after so many seconds; after 0, at the end of this turn of the loop."""


class Coalescer:
    """Calls `flush` in its time; `flush` sends what is there and returns how many things that were.

    While little comes, what one turn of the loop brings is flushed together, and no timer runs afterwards.
    """

    def __init__(self, clock: Clock, flush: Callable[[], int], *, least: float, most: float) -> None:
        self.least = least  # may change
        self._clock = clock
        self._flush = flush
        self._most = most
        self._seconds = least
        self._waits_until = 0.0
        self._timer: Timer | None = None

    def schedule(self) -> None:
        """Something has come: a flush follows."""
        if self._timer is None:
            left = self._waits_until - self._clock.time()
            if left <= 0:
                self._seconds = self.least
            self._timer = self._clock.call_later(max(0.0, left), self.flush)

    def flush(self) -> None:
        """Flushes now, and waits before the next time."""
        self.stop()
        if count := self._flush():
            self._seconds = min(2 * self._seconds, self._most) if count >= BUSY_COUNT else self.least
            self._waits_until = self._clock.time() + self._seconds

    def stop(self) -> None:
        """Cancels the flush that is scheduled."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
