"""A rate limit: so many a second on average, and after a quiet time so many at once."""

import time


class TokenBucket:
    """Holds at most `size` tokens, and gains `per_second`. Starts full.

    Source of the method: token bucket, as in RFC 2697.
    """

    __slots__ = ("_filled_at", "_per_second", "_size", "_tokens")

    def __init__(self, *, per_second: float, size: float) -> None:
        self._per_second = per_second
        self._size = self._tokens = float(size)
        self._filled_at = time.monotonic()

    def take(self) -> bool:
        """Takes a token if there is one; returns whether there was."""
        self._fill()
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def seconds_until(self, tokens: float) -> float:
        """Seconds until it holds so many tokens."""
        self._fill()
        return max(0.0, (tokens - self._tokens) / self._per_second)

    def is_as_new(self) -> bool:
        """Whether it is full whatever was taken: it was not asked for as long as it takes to fill it."""
        return time.monotonic() - self._filled_at >= self._size / self._per_second

    def _fill(self) -> None:
        now = time.monotonic()
        self._tokens = min(self._size, self._tokens + (now - self._filled_at) * self._per_second)
        self._filled_at = now
