"""The load generator: all watchers of a measurement, in one epoll loop over plain sockets.

It searches the raw bytes for the marks of our messages (frames from a server are not masked) and checks that seq counts
up without a gap, a repetition or a swap. That costs about 0.2 µs a message, so that the server is the limit.
"""

import select
import socket
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.fanout.handshake import Decoder, Handshake, PendingConnection, frame
from benchmarks.fanout.messages import LONGEST_MARK, SEQ, STAMP

HANDSHAKES_AT_ONCE = 40  # Callboard allows an address 50 connections that are not authenticated yet
READ_BYTES = 64 * 1024  # fits into the CPU's cache
JOIN_SECONDS = 60.0
READS_PER_POLL = 16  # so that the publisher is allowed to go on in between
SEQS_AHEAD = 100_000


@dataclass(slots=True, eq=False)
class Watcher:
    """One subscribed connection, and what it has received."""

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

    def count_unexpected(self, seqs: list[int]) -> None:
        """Counts messages whose seqs are not the next ones in order."""
        for number in seqs:
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
class JoinResult:
    """How long connecting took, and the error of each watcher that failed."""

    seconds: float
    errors: list[str]
    seconds_each: list[float] = field(
        default_factory=list
    )  # from the first packet of each watcher until it was subscribed


class Load:
    """All watchers. Nothing is read but in `poll`, `read_for` and `join`."""

    def __init__(self) -> None:
        self.watchers: list[Watcher] = []
        self.latencies: list[int] = []  # nanoseconds; since `measure_latency`
        self._epoll = select.epoll()
        self._by_fd: dict[int, Watcher] = {}
        self._buffer = bytearray(READ_BYTES + LONGEST_MARK)
        self._view = memoryview(self._buffer)
        self._seqs: list[bytes] = []
        self._is_timing = False

    # --- connecting and closing -------------------------------------------------------------------------

    def join(self, handshakes: Iterable[Handshake], at_once: int = HANDSHAKES_AT_ONCE) -> JoinResult:
        """Connects a watcher with each handshake, a few at a time."""
        waiting, under_way, errors = deque(handshakes), dict[int, PendingConnection](), list[str]()
        self._seconds_each: list[float] = []
        began = time.monotonic()
        while (waiting or under_way) and time.monotonic() < began + JOIN_SECONDS:
            while waiting and len(under_way) < at_once:
                self._connect(waiting.popleft(), under_way, errors)
            for fd, _ in self._epoll.poll(0.1):
                if fd in under_way:
                    self._advance(fd, under_way, errors)
                else:
                    self._read(self._by_fd[fd])
        errors += ["not joined in time"] * (len(waiting) + len(under_way))
        for connection in under_way.values():
            connection.socket.close()
        return JoinResult(time.monotonic() - began, errors, self._seconds_each)

    def join_all(self, handshakes: Iterable[Handshake]) -> None:
        """Like `join`.

        Raises: ConnectionError when a watcher could not connect.
        """
        result = self.join(handshakes)
        if result.errors:
            raise ConnectionError(f"{len(result.errors)} watchers could not connect: {result.errors[0]}")

    def add(self, watcher: Watcher) -> None:
        """Reads from this connection from now on."""
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
            self._seconds_each.append(time.monotonic() - connection.began)
            self._epoll.unregister(connection.socket)
            self.add(Watcher(connection.socket, connection.handshake, connection.decode))
        del under_way[fd]

    def close(self) -> None:
        """Closes all connections."""
        for watcher in self.watchers:
            watcher.socket.close()
        self.watchers.clear()
        self._by_fd.clear()
        self._is_timing = False

    def send_keepalives(self) -> None:
        """Sends the keepalive message of every open connection that has one."""
        for watcher in self.watchers:
            if watcher.is_open and watcher.handshake.keepalive:
                watcher.socket.send(frame(watcher.handshake.keepalive))

    def measure_latency(self) -> None:
        """Collects latencies from now on, until `close`, and does not check seqs."""
        self._is_timing = True
        self.latencies.clear()

    # --- reading --------------------------------------------------------------------------------

    def poll(self, seconds: float) -> float:
        """Reads what has arrived; waits up to `seconds` when there is nothing. Returns the bytes per read on average."""
        ready = self._epoll.poll(seconds, READS_PER_POLL)
        size = sum([self._read(self._by_fd[fd]) for fd, _ in ready])
        return size / len(ready) if ready else 0.0

    def read_for(self, seconds: float) -> None:
        """Reads for so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.poll(left)

    def slowest(self) -> int:
        """The last seq that every open watcher has received."""
        return min([watcher.expected for watcher in self.watchers if watcher.is_open], default=1) - 1

    def expect_up_to(self, seq: int) -> None:
        """Prepares for seqs up to this one."""
        if seq >= len(self._seqs) - READ_BYTES // 100:
            first = len(self._seqs)
            self._seqs += [b"%d" % number for number in range(first, seq + SEQS_AHEAD)]

    def _read(self, watcher: Watcher) -> int:
        start = len(watcher.tail)
        self._buffer[:start] = watcher.tail
        try:
            size = watcher.socket.recv_into(self._view[start : start + READ_BYTES])
        except BlockingIOError:
            return 0
        except OSError:
            size = 0
        if not size:
            self._drop(watcher)
            return 0
        watcher.wire_bytes += size
        if watcher.decode is None:
            self._scan(watcher, self._buffer, start + size)
        else:
            text = watcher.tail + watcher.decode(bytes(self._view[start : start + size]))
            self._scan(watcher, text, len(text))
        return size

    def _scan(self, watcher: Watcher, received: bytearray | bytes, end: int) -> None:
        mark = STAMP if self._is_timing else SEQ
        found = mark.pattern.findall(received, 0, end)
        # Keep what may be the beginning of a mark, but no mark that was found: it would be found again.
        margin = max(0, end - LONGEST_MARK)
        closed = received.rfind(mark.closing, margin, end)
        watcher.tail = bytes(received[margin if closed < 0 else closed + 1 : end])
        if not found:
            return
        if self._is_timing:
            now = time.monotonic_ns()
            self.latencies += [now - int(stamp) for stamp in found]
            watcher.count += len(found)
        elif found == self._seqs[watcher.expected : watcher.expected + len(found)]:
            watcher.expected += len(found)
            watcher.count += len(found)
        else:
            watcher.count_unexpected([int(number) for number in found])

    def _drop(self, watcher: Watcher) -> None:
        watcher.is_open = False
        self._epoll.unregister(watcher.socket)
        del self._by_fd[watcher.socket.fileno()]
        watcher.socket.close()
