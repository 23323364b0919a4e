"""What this process has counted since it started: plain attributes, because counting is on the hot path.

`realtime/prometheus.py` renders them for Prometheus. Labels come from closed sets, whatever a client sends.
"""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from typing import Final

from realtime.wire.errors import CloseCode
from realtime.wire.messages import CLIENT_MESSAGES

# Seconds from publishing to having written; 5 ms and 100 ms are what we promise, so they are bounds.
WAIT_BOUNDS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
PEAK_SECONDS: Final = 60.0  # a peak is shown for at least so long, however often it is read
MOST_LABELS: Final = 100  # kinds of refusals; there are some thirty
OTHER: Final = "other"
UNKNOWN: Final = "unknown"
INVALID: Final = "invalid"

CLIENT_TYPES: Final = frozenset({*(str(message.__struct_config__.tag) for message in CLIENT_MESSAGES), INVALID})
# RFC 6455, 7.4.1, and our own. 4009 is 1009 on daphne (project/servers.py).
CLOSE_CODES: Final = frozenset({1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1011, 1012, 4009, *CloseCode})


class Peak:
    """The highest value of the last one to two minutes. Reading does not reset it, so that several may read."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.highest: float = 0
        self._before: float = 0
        self._since = clock()
        self._clock = clock

    def read(self) -> float:
        """The highest value since the minute before this one began, or since the last read before that."""
        seen = max(self._before, self.highest)
        now = self._clock()
        if now - self._since >= PEAK_SECONDS:
            self._before, self.highest, self._since = self.highest, 0, now
        return seen


class Counters:
    """The counts of one process. Belongs to its event loop; nothing here waits or raises."""

    def __init__(self) -> None:
        self.clients_opened = 0
        self.clients_closed: Counter[str] = Counter()  # by close code
        self.messages_received: Counter[str] = Counter()  # by type
        self.messages_published: Counter[str] = Counter()  # by type
        self.refusals: Counter[str] = Counter()  # by error type
        self.layer_failures = 0
        self.writes = self.deliveries = self.characters = self.messages_merged = 0
        self.waits = [0] * (len(WAIT_BOUNDS) + 1)  # by bound; the last are those beyond all bounds
        self.wait_seconds = 0.0
        self.waiting_messages = Peak()
        self.waiting_characters = Peak()
        self.lag = Peak()  # seconds

    def opened(self) -> None:
        """A client has connected."""
        self.clients_opened += 1

    def closed(self, code: int) -> None:
        """A client's connection has ended with this code, its own or ours."""
        self.clients_closed[str(int(code)) if code in CLOSE_CODES else OTHER] += 1

    def received(self, type: str) -> None:  # noqa: A002 - as the field is called
        """A message of a client has come: of a type of the protocol, "invalid", or "unknown"."""
        self.messages_received[type if type in CLIENT_TYPES else UNKNOWN] += 1

    def refused(self, error_type: str) -> None:
        """A request was refused: with an error, or a disconnect."""
        is_known = error_type in self.refusals or len(self.refusals) < MOST_LABELS
        self.refusals[error_type if is_known else OTHER] += 1

    def layer_failed(self) -> None:
        """A call of the channel layer failed."""
        self.layer_failures += 1

    def published(self, type: str, count: int = 1) -> None:  # noqa: A002 - as the field is called
        """Messages of this type were published to rooms (counted once, however many watch), or sent to one client."""
        self.messages_published[type] += count

    def delivered(self, messages: int, characters: int) -> None:
        """One write to one client carried so many messages."""
        self.writes += 1
        self.deliveries += messages
        self.characters += characters

    def merged(self, count: int) -> None:
        """So many messages for one client were replaced by newer ones."""
        self.messages_merged += count

    def waited(self, seconds: float) -> None:
        """The oldest message of a write was written so long after it was published, perhaps by another clock."""
        if seconds < 0.0:  # quicker than max()
            seconds = 0.0
        self.waits[bisect_left(WAIT_BOUNDS, seconds)] += 1
        self.wait_seconds += seconds

    def waiting(self, messages: int, characters: int) -> None:
        """So much waits for one client at this moment."""
        if messages > self.waiting_messages.highest:
            self.waiting_messages.highest = messages
        if characters > self.waiting_characters.highest:
            self.waiting_characters.highest = characters

    def lagged(self, seconds: float) -> None:
        """The event loop came back so much later than it should have: something kept it busy."""
        if seconds > self.lag.highest:
            self.lag.highest = seconds


counters: Final = Counters()
