"""Rate limits and connection limits, so that one user or one address cannot take what all need."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Final, Protocol

from agents.token_bucket import TokenBucket
from realtime.wire.errors import ConnectionLimitExceeded, Disconnect, RateLimitExceeded, TooManyRefusals

MINUTE: Final = 60.0
AUTHENTICATIONS_PER_MINUTE: Final = 20  # of one client: each is looked up in the database


class MinuteBucket(TokenBucket):
    """A rate limit: `per_minute` messages a minute, and as many at once after a quiet minute."""

    __slots__ = ("_per_minute",)

    def __init__(self, per_minute: int) -> None:
        super().__init__(per_second=per_minute / MINUTE, size=per_minute)
        self._per_minute = per_minute

    def count(self) -> None:
        """Counts one message.

        Raises: RateLimitExceeded when it is one too many.
        """
        if not self.take():
            message = f"More than {self._per_minute} messages a minute; wait a little."
            raise RateLimitExceeded(message, retry_after=math.ceil(self.seconds_until(1) * 10) / 10)

    def pace_seconds(self, spare: int) -> float:
        """Seconds to wait until no more than `spare` tokens are missing."""
        return self.seconds_until(self._per_minute - spare)


class MessageLimit:
    """The rate limit of one client: `per_minute` messages a minute, and `refusals` refusals within a minute."""

    def __init__(self, per_minute: int, refusals: int) -> None:
        self._bucket = MinuteBucket(per_minute)
        self._refused_at: deque[float] = deque(maxlen=refusals)

    def count(self) -> None:
        """Counts one message.

        Raises: RateLimitExceeded when it is one too many, TooManyRefusals when that happened too often.
        """
        try:
            self._bucket.count()
        except RateLimitExceeded:
            self._refuse(time.monotonic())
            raise

    def _refuse(self, now: float) -> None:
        self._refused_at.append(now)
        if len(self._refused_at) == self._refused_at.maxlen and now - self._refused_at[0] <= MINUTE:
            raise TooManyRefusals


class UserRateLimits:
    """A rate limit for each user; those who have not asked for a minute are forgotten."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: OrderedDict[Hashable, MinuteBucket] = OrderedDict()  # the last to ask comes last

    def __len__(self) -> int:
        return len(self._buckets)

    def count(self, user: Hashable) -> None:
        """Counts one request of this user.

        Raises: RateLimitExceeded when it is one too many.
        """
        bucket = self._buckets.setdefault(user, MinuteBucket(self._per_minute))
        self._buckets.move_to_end(user)
        bucket.count()
        while self._first().is_as_new():
            self._buckets.popitem(last=False)

    def pace_seconds(self, user: Hashable) -> float:
        """Seconds to wait before this user is answered, so that asking again at once never meets the limit.

        None after a quiet time: a tenth of the bucket may be used up at once. Then it is 0.6 s at 100 a minute, and
        twice as long for two clients of the user that ask in turn.
        """
        bucket = self._buckets.get(user)
        return bucket.pace_seconds(self._per_minute // 10) if bucket else 0.0

    def _first(self) -> MinuteBucket:
        return next(iter(self._buckets.values()))


class Holder(Protocol):
    """A connection: a socket, or a long poll. One with a `disconnect_reason` is closing, and does not count."""

    disconnect_reason: Disconnect | None


class ConnectionSlots:
    """How many connections each user, or each address, has: `most` at most."""

    def __init__(self, most: int, retry_after: float) -> None:
        self._most = most
        self._retry_after = retry_after  # seconds
        self._holders: dict[Hashable, set[Holder]] = {}

    def __len__(self) -> int:
        return len(self._holders)

    def held(self, owner: Hashable) -> int:
        """How many connections the owner has."""
        return sum(holder.disconnect_reason is None for holder in self._holders.get(owner, ()))

    def take(self, owner: Hashable, holder: Holder) -> None:
        """Counts one more connection of the owner.

        Raises: ConnectionLimitExceeded.
        """
        if self.held(owner) >= self._most:
            message = f"{self._most} connections at once are the limit; close one first."
            raise ConnectionLimitExceeded(message, retry_after=self._retry_after)
        self._holders.setdefault(owner, set()).add(holder)

    def leave(self, owner: Hashable, holder: Holder) -> None:
        """Counts the connection no longer, if it was counted."""
        holders = self._holders.get(owner, set())
        holders.discard(holder)
        if not holders:
            self._holders.pop(owner, None)
