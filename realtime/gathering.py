"""Decides when what has gathered goes out: at once while it is quiet, in bundles while there is much.

After each bundle nothing goes out for a while; what comes meanwhile is the next one. The while is `least` seconds,
doubles with every bundle that was crowded, up to `most`, and ends when nothing has come.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

CROWD: Final = 10  # things in one bundle: there is a load, and waiting longer saves work


class Timer(Protocol):
    """What `call_later` gives."""

    def cancel(self) -> None:
        """It will not ring."""


CallLater = Callable[[float, Callable[[], Any]], Timer]


class Gathering:
    """One place where things gather. `send_out` sends what is there and says how much it was.

    `call_later` is the event loop's: with 0 seconds at the end of this turn, so that what one turn brings goes together.
    """

    def __init__(self, call_later: CallLater, send_out: Callable[[], int], *, least: float, most: float) -> None:
        self._call_later = call_later
        self._send_out = send_out
        self._least = least
        self._most = most
        self._seconds = least
        self._timer: Timer | None = None

    def something_came(self) -> None:
        """Sees to it that it goes out."""
        if self._timer is None:
            self._timer = self._call_later(0, self.send_out)

    def send_out(self) -> None:
        """Sends out now, and waits before the next time."""
        self.stop()
        if count := self._send_out():
            self._seconds = min(2 * self._seconds, self._most) if count >= CROWD else self._least
            self._timer = self._call_later(self._seconds, self.send_out)
        else:
            self._seconds = self._least

    def stop(self) -> None:
        """Nothing goes out by itself any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
