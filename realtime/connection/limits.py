"""How much one may ask and how many connections one may hold, so that nobody takes what is everybody's."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Hashable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final, Protocol

from realtime.wire.errors import ConnectionLimitExceeded, Disconnect, RateLimitExceeded, TooManyRefusals

MINUTE: Final = 60.0
SUBSCRIBER_BITS: Final = 64  # of an IPv6 address: one subscriber has all addresses that share them (RFC 6177)


class Bucket:
    """`per_minute` tokens a minute, all at once if need be.

    Source of the method: token bucket, as in RFC 2697.
    """

    __slots__ = ("_filled_at", "_per_minute", "_tokens")

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._tokens = float(per_minute)
        self._filled_at = time.monotonic()

    def take(self) -> None:
        """Takes a token.

        Raises: RateLimitExceeded when there is none.
        """
        self._fill()
        if self._tokens < 1:
            said = f"More than {self._per_minute} messages a minute; wait a little."
            raise RateLimitExceeded(said, retry_after=math.ceil(self._seconds_for(1) * 10) / 10)
        self._tokens -= 1

    def rest_seconds(self, spare: int) -> float:
        """How long to rest until no more than `spare` tokens are missing."""
        self._fill()
        return max(0.0, self._seconds_for(self._per_minute - spare))

    def _fill(self) -> None:
        now = time.monotonic()
        self._tokens = min(self._per_minute, self._tokens + (now - self._filled_at) * self._per_minute / MINUTE)
        self._filled_at = now

    def _seconds_for(self, tokens: int) -> float:
        return (tokens - self._tokens) * MINUTE / self._per_minute

    def is_full(self) -> bool:
        """Whether it is as good as a new one: not touched for a minute."""
        return time.monotonic() - self._filled_at >= MINUTE


class MessageLimit:
    """`per_minute` messages a minute from one client; after `refusals` within a minute it is over."""

    def __init__(self, per_minute: int, refusals: int) -> None:
        self._bucket = Bucket(per_minute)
        self._refused_at: deque[float] = deque(maxlen=refusals)

    def count(self) -> None:
        """Counts one message.

        Raises: RateLimitExceeded when it is one too many, TooManyRefusals when that happened too often.
        """
        try:
            self._bucket.take()
        except RateLimitExceeded:
            self._refuse(time.monotonic())
            raise

    def _refuse(self, now: float) -> None:
        self._refused_at.append(now)
        if len(self._refused_at) == self._refused_at.maxlen and now - self._refused_at[0] <= MINUTE:
            raise TooManyRefusals


class Buckets:
    """A bucket for each user who has asked within the last minute."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: OrderedDict[int, Bucket] = OrderedDict()  # who asked last comes last

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, user_id: int) -> None:
        """Takes a token of this user's.

        Raises: RateLimitExceeded when there is none.
        """
        bucket = self._buckets.setdefault(user_id, Bucket(self._per_minute))
        self._buckets.move_to_end(user_id)
        bucket.take()
        while self._first().is_full():
            self._buckets.popitem(last=False)

    def rest_seconds(self, user_id: int) -> float:
        """How long to rest before this user asks again, so that at that rate they never meet the limit.

        Nothing for those who come after a quiet time: a tenth of the bucket is for them to use up at once. Then it is
        0.6 s at 100 a minute, and twice as long for two who ask in turn.
        """
        bucket = self._buckets.get(user_id)
        return bucket.rest_seconds(self._per_minute // 10) if bucket else 0.0

    def _first(self) -> Bucket:
        return next(iter(self._buckets.values()))


class Holder(Protocol):
    """A connection: a socket, or a long poll. With a `disconnect_reason` it has ended, though it may take a while to go."""

    disconnect_reason: Disconnect | None


class ConnectionSlots:
    """Who holds how many connections: at most `most` for each user, or for each address. The ended do not count."""

    def __init__(self, most: int, retry_after: float) -> None:
        self._most = most
        self._retry_after = retry_after  # seconds
        self._holders: dict[Hashable, set[Holder]] = {}

    def __len__(self) -> int:
        return len(self._holders)

    def held(self, whose: Hashable) -> int:
        """How many they hold now."""
        return sum(holder.disconnect_reason is None for holder in self._holders.get(whose, ()))

    def take(self, whose: Hashable, holder: Holder) -> None:
        """One more of theirs.

        Raises: ConnectionLimitExceeded.
        """
        if self.held(whose) >= self._most:
            said = f"{self._most} connections at once are the limit; close one first."
            raise ConnectionLimitExceeded(said, retry_after=self._retry_after)
        self._holders.setdefault(whose, set()).add(holder)

    def leave(self, whose: Hashable, holder: Holder) -> None:
        """It is gone; if it was theirs at all."""
        holders = self._holders.get(whose, set())
        holders.discard(holder)
        if not holders:
            self._holders.pop(whose, None)


def subscriber(host: str) -> str:
    """Whom an address stands for: itself, or the network of an IPv6 subscriber. "" (a Unix socket) stands for nobody."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((address, SUBSCRIBER_BITS), strict=False))
    return host
