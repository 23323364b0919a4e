"""An event loop's timers without the loop: time passes when the test lets it."""

from collections.abc import Callable
from typing import Any


class FakeTimers:
    """Gives timers."""

    def __init__(self) -> None:
        self.now = 0.0
        self._timers: list[FakeTimer] = []

    def time(self) -> float:
        """As an event loop's."""
        return self.now

    def call_later(self, delay: float, callback: Callable[[], Any], /) -> "FakeTimer":
        """As an event loop's."""
        self._timers.append(FakeTimer(self.now + delay, callback))
        return self._timers[-1]

    def is_quiet(self) -> bool:
        """Whether nothing is going to ring."""
        return all(timer.is_over for timer in self._timers)

    def turn(self) -> None:
        """Ends this turn of the loop."""
        self.pass_time(0)

    def pass_time(self, seconds: float) -> None:
        """Rings what is due within so many seconds, each at its time."""
        until = self.now + seconds
        while due := [timer for timer in self._timers if not timer.is_over and timer.at <= until]:
            timer = min(due, key=lambda timer: timer.at)
            timer.is_over, self.now = True, max(self.now, timer.at)
            timer.ring()
        self.now = until


class FakeTimer:
    """One timer."""

    def __init__(self, at: float, ring: Callable[[], Any]) -> None:
        self.at = at
        self.ring = ring
        self.is_over = False

    def cancel(self) -> None:
        """It will not ring."""
        self.is_over = True
