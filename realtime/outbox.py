"""What one client has yet to receive: bounded, in order, joined where it waits; a blocked client holds up nobody.

What is waiting is kept under a key: a message that may be merged takes the place of its predecessor and goes to the
end, every other one stays where it is. So the order is that of publishing, and only merged messages are ever skipped.
"""

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

log = logging.getLogger(__name__)

Send = Callable[[str], Awaitable[None]]

FRAME_CHARACTERS = 256 * 1024  # batches stay below the 1 MiB that many clients allow
FAREWELL_SECONDS = 30.0  # for a client that does not read to notice that it was cut off
NOT_MERGED = '"merged":0}'


class Waiting(NamedTuple):
    """Messages that are sent together, as text; how many they replace."""

    texts: tuple[str, ...]
    merged: int


class Outbox:
    """The outbox of one client. All methods belong to its event loop.

    `send` writes one frame, `overflow` is called when more waits than may, or writing fails.
    """

    def __init__(self, send: Send, overflow: Callable[[], None], *, most_messages: int, most_bytes: int) -> None:
        self.blocked_since: float | None = None  # monotonic; None: nothing is being written
        self._send = send
        self._overflow = overflow
        self._most_messages = most_messages
        self._most_bytes = most_bytes
        self._waiting: dict[str | int, Waiting] = {}
        self._size = 0
        self._places = itertools.count()
        self._news = asyncio.Event()
        self._is_closed = False
        self._writer: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Starts to write."""
        self._writer = asyncio.create_task(self._write())

    def put(self, *texts: str, key: str | None = None) -> None:
        """Adds messages, which stay together; with `key`, the newest one wins."""
        if self._is_closed:
            return
        # Checked before it is added: what is alone may be of any size.
        if len(self._waiting) >= self._most_messages or self._size > self._most_bytes:
            self._is_closed = True
            self._overflow()
            return
        merged = 0
        if key is not None and (older := self._waiting.pop(key, None)):
            merged = older.merged + (older.texts != texts)  # the same one comes twice to who is in two rooms
            self._size -= _size(older.texts)
        self._waiting[next(self._places) if key is None else key] = Waiting(texts, merged)
        self._size += _size(texts)
        self._news.set()

    def blocked_seconds(self) -> float:
        """For how long the present write has been blocked."""
        return 0.0 if self.blocked_since is None else time.monotonic() - self.blocked_since

    async def finish(self, say_goodbye: Callable[[], Awaitable[None]]) -> None:
        """Writes what waits, then says goodbye; gives up after FAREWELL_SECONDS."""
        self._is_closed = True
        self._news.set()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                if self._writer is not None:
                    await asyncio.shield(self._writer)
                await say_goodbye()

    async def abandon(self, say_goodbye: Callable[[], Awaitable[None]]) -> None:
        """Forgets what waits, and tries to say goodbye for FAREWELL_SECONDS."""
        self.stop()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await say_goodbye()

    def stop(self) -> None:
        """Writes no more, and forgets what waits."""
        self._forget()
        if self._writer is not None:
            self._writer.cancel()

    def _forget(self) -> None:
        self._is_closed = True
        self._waiting.clear()
        self._size = 0
        self.blocked_since = None

    async def _write(self) -> None:
        try:
            while not self._is_closed or self._waiting:
                await self._news.wait()
                self._news.clear()
                await self._write_what_waits()
        except OSError:  # the client is gone; its consumer will hear of it
            self._forget()
        except Exception:
            log.exception("A frame could not be written; the client is cut off.")
            self._forget()
            self._overflow()

    async def _write_what_waits(self) -> None:
        while self._waiting:
            for frame in frames(self._take()):
                self.blocked_since = time.monotonic()
                await self._send(frame)
            self.blocked_since = None

    def _take(self) -> Iterable[str]:
        waiting, self._waiting, self._size = self._waiting, {}, 0
        return itertools.chain.from_iterable(_counted(entry) for entry in waiting.values())


def frames(texts: Iterable[str]) -> Iterator[str]:
    """Joins messages into frames: one alone as it is, several as a batch of at most FRAME_CHARACTERS."""
    joined: list[str] = []
    size = 0
    for text in texts:
        if joined and size + len(text) > FRAME_CHARACTERS:
            yield batch(joined)
            joined, size = [], 0
        joined.append(text)
        size += len(text)
    if joined:
        yield batch(joined)


def batch(texts: list[str]) -> str:
    """One frame with these messages."""
    return texts[0] if len(texts) == 1 else f'{{"type":"batch","messages":[{",".join(texts)}]}}'


def _counted(entry: Waiting) -> tuple[str, ...]:
    # `merged` is the last field of every message that may be merged.
    if not entry.merged:
        return entry.texts
    return tuple(f'{text.removesuffix(NOT_MERGED)}"merged":{entry.merged}}}' for text in entry.texts)


def _size(texts: tuple[str, ...]) -> int:
    return sum(map(len, texts))
