"""Decides when what has gathered goes out: at once while it is quiet, in bundles while there is much.

After each bundle nothing goes out for a while; what comes meanwhile is the next one. The while is `least` seconds, doubles
with every bundle that was crowded, up to `most`, and is `least` again once nothing has come for so long.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

CROWD: Final = 10  # things in one bundle: there is a load, and waiting longer saves work


class Timer(Protocol):
    """What `call_later` gives."""

    def cancel(self) -> None:
        """It will not ring."""


class Clock(Protocol):
    """What is needed of an event loop."""

    def time(self) -> float:
        """Now, in seconds."""

    def call_later(self, delay: float, callback: Callable[[], Any], /) -> Timer:
        """Calls back after so many seconds; after none, at the end of this turn of the loop."""


class Gathering:
    """One place where things gather. `send_out` sends what is there and says how much it was.

    In a quiet place what one turn of the loop brings goes out together, and no timer is needed afterwards.
    """

    def __init__(self, clock: Clock, send_out: Callable[[], int], *, least: float, most: float) -> None:
        self._clock = clock
        self._send_out = send_out
        self._least = least
        self._most = most
        self._seconds = least
        self._waits_until = 0.0
        self._timer: Timer | None = None

    def something_came(self) -> None:
        """Sees to it that it goes out."""
        if self._timer is None:
            left = self._waits_until - self._clock.time()
            if left <= 0:
                self._seconds = self._least
            self._timer = self._clock.call_later(max(0.0, left), self.send_out)

    def send_out(self) -> None:
        """Sends out now, and waits before the next time."""
        self.stop()
        if count := self._send_out():
            self._seconds = min(2 * self._seconds, self._most) if count >= CROWD else self._least
            self._waits_until = self._clock.time() + self._seconds

    def stop(self) -> None:
        """Nothing goes out by itself any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
