"""How a watcher connects: the WebSocket handshake, then the messages that must be exchanged before it is subscribed.

Written on plain sockets, and frames are not parsed: each step waits for certain bytes. The load generator must cost far
less than the servers that it measures.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

CONNECT_SECONDS = 10.0


class Decoder(Protocol):
    """Turns the bytes of the connection into those of the messages."""

    def __call__(self, data: bytes) -> bytes:
        """What can be decoded by now; the rest is kept for the next call."""


@dataclass(frozen=True)
class Step:
    """Waits until the bytes `awaited` have arrived, then sends the text `reply` ("": nothing)."""

    awaited: bytes
    reply: str = ""


@dataclass(frozen=True)
class Handshake:
    """Where to connect, and how to become a watcher of one room."""

    port: int
    path: str
    headers: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    keepalive: str = ""  # the text that keeps a quiet connection open, where the server asks for one
    decode: Callable[[], Decoder] | None = None  # for compressed connections

    def request(self) -> bytes:
        """The opening handshake (RFC 6455, section 4.1)."""
        lines = [
            f"GET {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            *self.headers,
        ]
        return "\r\n".join([*lines, "", ""]).encode()


class PendingConnection:
    """A connection whose handshake is under way.

    Raises: OSError when the server cannot be reached.
    """

    def __init__(self, handshake: Handshake) -> None:
        self.handshake = handshake
        self.began = time.monotonic()
        self.decode = handshake.decode() if handshake.decode else None
        self.socket = socket.create_connection(("127.0.0.1", handshake.port), timeout=CONNECT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(handshake.request())
        self.socket.setblocking(False)
        self._steps = [Step(b"\r\n\r\n"), *handshake.steps]
        self._received = b""
        self._is_upgraded = False

    def advance(self) -> bool:
        """Reads what has arrived and takes the steps that it allows. Returns whether the handshake is complete.

        Raises: ConnectionError when the server refuses.
        """
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return False
        if not data:
            raise ConnectionError(f"closed after {self._received[-300:]!r}")
        self._received += self.decode(data) if self.decode and self._is_upgraded else data
        while self._steps and self._steps[0].awaited in self._received:
            self._take_step()
        return not self._steps

    def _take_step(self) -> None:
        step = self._steps.pop(0)
        before, _, self._received = self._received.partition(step.awaited)
        if not self._is_upgraded:
            if not before.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(f"refused: {before[:100]!r}")
            self._is_upgraded = True
            if self.decode:
                self._received = self.decode(self._received)
        if step.reply:
            self.socket.sendall(frame(step.reply))


def frame(text: str) -> bytes:
    """A text frame from a client (RFC 6455, section 5.2), masked with zeros: enough on the loopback."""
    payload = text.encode()
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + payload
