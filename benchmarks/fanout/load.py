"""The watchers of a measurement, all in one loop over raw sockets.

They look for the marks of our messages in the raw bytes (server to client frames are not masked) and check that the
numbers go on without a hole, a repetition or a swap. That costs about 0.2 µs a message: the limit is the server.
"""

import select
import socket
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.fanout.handshake import Decoder, Handshake, PendingConnection, frame
from benchmarks.fanout.messages import LONGEST_MARK, SEQ, STAMP

UNDER_WAY = 40  # handshakes at once; a server may allow an address only so many strangers
READ_BYTES = 64 * 1024  # stays in the cache
JOIN_SECONDS = 60.0
HEARD_AT_ONCE = 16  # watchers in a turn: between turns the publisher gets new credit
NUMBERS_AHEAD = 100_000


@dataclass(slots=True, eq=False)
class Watcher:
    """One connection that listens, and what it has heard."""

    socket: socket.socket
    handshake: Handshake
    decode: Decoder | None = None
    expected: int = 1  # the next seq
    count: int = 0
    wire_bytes: int = 0
    disordered: int = 0
    repeated: int = 0
    missing: set[int] = field(default_factory=set)
    tail: bytes = b""
    is_open: bool = True

    def take_apart(self, numbers: list[int]) -> None:
        """Counts numbers that do not simply go on."""
        for number in numbers:
            if number >= self.expected:
                self.missing.update(range(self.expected, number))
                self.expected = number + 1
            elif number in self.missing:
                self.missing.discard(number)
                self.disordered += 1
            else:
                self.repeated += 1
                continue
            self.count += 1


@dataclass(frozen=True)
class Joining:
    """How the watchers came in."""

    seconds: float
    errors: list[str]


class Load:
    """All watchers. `turn` hears what has come; call it again and again."""

    def __init__(self) -> None:
        self.watchers: list[Watcher] = []
        self.latencies: list[int] = []  # nanoseconds; only while `listen_for_stamps`
        self._epoll = select.epoll()
        self._by_fd: dict[int, Watcher] = {}
        self._buffer = bytearray(READ_BYTES + LONGEST_MARK)
        self._view = memoryview(self._buffer)
        self._numbers: list[bytes] = []
        self._is_timing = False

    # --- coming and going -------------------------------------------------------------------------

    def join(self, handshakes: Iterable[Handshake]) -> Joining:
        """Connects a watcher with each handshake, a few at a time."""
        waiting, under_way, errors = deque(handshakes), dict[int, PendingConnection](), list[str]()
        began = time.monotonic()
        while (waiting or under_way) and time.monotonic() < began + JOIN_SECONDS:
            while waiting and len(under_way) < UNDER_WAY:
                self._connect(waiting.popleft(), under_way, errors)
            for fd, _ in self._epoll.poll(0.1):
                if fd in under_way:
                    self._advance(fd, under_way, errors)
                else:
                    self._hear(self._by_fd[fd])
        errors += ["not joined in time"] * (len(waiting) + len(under_way))
        for connection in under_way.values():
            connection.socket.close()
        return Joining(time.monotonic() - began, errors)

    def fill(self, handshakes: Iterable[Handshake]) -> None:
        """Like `join`, where nobody may stay outside.

        Raises: ConnectionError.
        """
        joining = self.join(handshakes)
        if joining.errors:
            raise ConnectionError(f"{len(joining.errors)} watchers did not get in: {joining.errors[0]}")

    def admit(self, watcher: Watcher) -> None:
        """Listens to a connection that has joined."""
        self.watchers.append(watcher)
        self._by_fd[watcher.socket.fileno()] = watcher
        self._epoll.register(watcher.socket, select.EPOLLIN)

    def _connect(self, handshake: Handshake, under_way: dict[int, PendingConnection], errors: list[str]) -> None:
        try:
            connection = PendingConnection(handshake)
        except OSError as error:
            errors.append(repr(error))
        else:
            under_way[connection.socket.fileno()] = connection
            self._epoll.register(connection.socket, select.EPOLLIN)

    def _advance(self, fd: int, under_way: dict[int, PendingConnection], errors: list[str]) -> None:
        connection = under_way[fd]
        try:
            if not connection.advance():
                return
        except OSError as error:
            errors.append(str(error))
            connection.socket.close()
        else:
            self._epoll.unregister(connection.socket)
            self.admit(Watcher(connection.socket, connection.handshake, connection.decode))
        del under_way[fd]

    def leave(self) -> None:
        """Everybody goes."""
        for watcher in self.watchers:
            watcher.socket.close()
        self.watchers.clear()
        self._by_fd.clear()
        self._is_timing = False

    def send_keepalives(self) -> None:
        """Everybody says that they are there, where that is asked for."""
        for watcher in self.watchers:
            if watcher.is_open and watcher.handshake.keepalive:
                watcher.socket.send(frame(watcher.handshake.keepalive))

    def listen_for_stamps(self) -> None:
        """From now on, latencies are taken, and numbers are not looked at."""
        self._is_timing = True
        self.latencies.clear()

    # --- listening --------------------------------------------------------------------------------

    def turn(self, seconds: float) -> float:
        """Hears what has come; waits for at most so long when there is nothing. How many bytes a reading brought."""
        ready = self._epoll.poll(seconds, HEARD_AT_ONCE)
        heard = sum([self._hear(self._by_fd[fd]) for fd, _ in ready])
        return heard / len(ready) if ready else 0.0

    def listen(self, seconds: float) -> None:
        """Hears for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.turn(left)

    def slowest(self) -> int:
        """The last seq that every watcher has."""
        return min([watcher.expected for watcher in self.watchers if watcher.is_open], default=1) - 1

    def expect_up_to(self, seq: int) -> None:
        """Numbers up to this one may come."""
        if seq >= len(self._numbers) - READ_BYTES // 100:
            first = len(self._numbers)
            self._numbers += [b"%d" % number for number in range(first, seq + NUMBERS_AHEAD)]

    def _hear(self, watcher: Watcher) -> int:
        start = len(watcher.tail)
        self._buffer[:start] = watcher.tail
        try:
            size = watcher.socket.recv_into(self._view[start : start + READ_BYTES])
        except BlockingIOError:
            return 0
        except OSError:
            size = 0
        if not size:
            self._lose(watcher)
            return 0
        watcher.wire_bytes += size
        if watcher.decode is None:
            self._look(watcher, self._buffer, start + size)
        else:
            text = watcher.tail + watcher.decode(bytes(self._view[start : start + size]))
            self._look(watcher, text, len(text))
        return size

    def _look(self, watcher: Watcher, heard: bytearray | bytes, end: int) -> None:
        mark = STAMP if self._is_timing else SEQ
        found = mark.pattern.findall(heard, 0, end)
        # What may be the beginning of a mark is kept; one that was found is not, or it would be found again.
        margin = max(0, end - LONGEST_MARK)
        closed = heard.rfind(mark.closing, margin, end)
        watcher.tail = bytes(heard[margin if closed < 0 else closed + 1 : end])
        if not found:
            return
        if self._is_timing:
            now = time.monotonic_ns()
            self.latencies += [now - int(stamp) for stamp in found]
            watcher.count += len(found)
        elif found == self._numbers[watcher.expected : watcher.expected + len(found)]:
            watcher.expected += len(found)
            watcher.count += len(found)
        else:
            watcher.take_apart([int(number) for number in found])

    def _lose(self, watcher: Watcher) -> None:
        watcher.is_open = False
        self._epoll.unregister(watcher.socket)
        del self._by_fd[watcher.socket.fileno()]
        watcher.socket.close()
