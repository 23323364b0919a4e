"""How much one client may ask: a token bucket, and an end to the patience."""

import math
import time
from collections import deque

from realtime.errors import RateLimitExceeded, TooManyRefusals

MINUTE = 60.0


class MessageLimit:
    """`per_minute` messages a minute, all at once if need be; after `refusals` within a minute it is over.

    Source of the method: token bucket, as in RFC 2697.
    """

    def __init__(self, per_minute: int, refusals: int) -> None:
        self._per_minute = per_minute
        self._tokens = float(per_minute)
        self._filled_at = time.monotonic()
        self._refused_at: deque[float] = deque(maxlen=refusals)

    def count(self) -> None:
        """Counts one message.

        Raises: RateLimitExceeded when it is one too many, TooManyRefusals when that happened too often.
        """
        now = time.monotonic()
        self._tokens = min(self._per_minute, self._tokens + (now - self._filled_at) * self._per_minute / MINUTE)
        self._filled_at = now
        if self._tokens < 1:
            self._refuse(now)
        self._tokens -= 1

    def _refuse(self, now: float) -> None:
        self._refused_at.append(now)
        if len(self._refused_at) == self._refused_at.maxlen and now - self._refused_at[0] <= MINUTE:
            raise TooManyRefusals
        seconds = (1 - self._tokens) * MINUTE / self._per_minute
        raise RateLimitExceeded(
            f"More than {self._per_minute} messages a minute; wait a little.", retry_after=math.ceil(seconds * 10) / 10
        )
