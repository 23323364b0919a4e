"""How a watcher comes in: a WebSocket handshake by hand, and what is said until it counts as joined.

The load must cost far less than the servers, so nobody here parses frames: the steps wait for bytes.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

CONNECT_SECONDS = 10.0


class Unwrap(Protocol):
    """Turns the bytes of the wire into those of the messages."""

    def __call__(self, data: bytes) -> bytes:
        """What can be read of it by now."""


@dataclass(frozen=True)
class Step:
    """Once these bytes have come, say this text ("": nothing)."""

    awaited: bytes
    say: str = ""


@dataclass(frozen=True)
class Door:
    """Where to connect and how to become a watcher of one room."""

    port: int
    path: str
    headers: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    sign_of_life: str = ""  # what a watcher says now and then, where a silent one counts as lost
    unwrap: Callable[[], Unwrap] | None = None  # where the bytes of the wire are not those of the messages

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


class Visit:
    """A connection on its way in."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.unwrap = door.unwrap() if door.unwrap else None
        self.socket = socket.create_connection(("127.0.0.1", door.port), timeout=CONNECT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(door.request())
        self.socket.setblocking(False)
        self._steps = [Step(b"\r\n\r\n"), *door.steps]
        self._heard = b""
        self._is_upgraded = False

    def go_on(self) -> bool:
        """Hears what has come, and answers. Whether the connection has joined.

        Raises: ConnectionError when the server refuses.
        """
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return False
        if not data:
            raise ConnectionError(f"closed after {self._heard[-300:]!r}")
        self._heard += self.unwrap(data) if self.unwrap and self._is_upgraded else data
        while self._steps and self._steps[0].awaited in self._heard:
            self._take_step()
        return not self._steps

    def _take_step(self) -> None:
        step = self._steps.pop(0)
        before, _, self._heard = self._heard.partition(step.awaited)
        if not self._is_upgraded:
            if not before.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(f"refused: {before[:100]!r}")
            self._is_upgraded = True
            if self.unwrap:
                self._heard = self.unwrap(self._heard)
        if step.say:
            self.socket.sendall(frame(step.say))


def frame(text: str) -> bytes:
    """A text frame from a client (RFC 6455, section 5.2), masked with zeros: as good a mask as any on the loopback."""
    payload = text.encode()
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + payload
