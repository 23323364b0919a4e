"""What one client has yet to receive: bounded, in order; a client whose line is blocked does not hold up the others.

A client that keeps up gets the very batch that its room prepared for all. Only for one that does not, batches are added
up here: what may be merged is, everything else waits in order, and when that is too much the client is disconnected.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from realtime.metrics import counters
from realtime.wire.batch import Batch, Entry

log = logging.getLogger(__name__)

Send = Callable[[str], Awaitable[None]]

CLOSING_SECONDS = 30.0  # for a client that does not read to notice that it was disconnected


class Outbox:
    """The outbox of one client. All methods belong to its event loop.

    `send` writes one frame; `overflow` is called when more waits than `most_messages` or `most_bytes`, or writing fails.
    """

    def __init__(self, send: Send, overflow: Callable[[], None], *, most_messages: int, most_bytes: int) -> None:
        self.blocked_since: float | None = None  # monotonic; None: nothing is being written
        self._send = send
        self._overflow = overflow
        self._most_messages = most_messages
        self._most_bytes = most_bytes
        self._waiting: Batch | None = None
        self._is_ours = False  # whether what waits was added up here; otherwise other clients have the same batch
        self._pause: asyncio.Future[None] | None = None  # what the writer waits for; an Event would cost twice as much
        self._is_closed = False
        self._writer: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Starts to write."""
        self._writer = asyncio.create_task(self._write())

    def put(self, *texts: str) -> None:
        """Adds messages, which stay together."""
        batch = Batch()
        batch.add(Entry(texts))
        self.hand(batch)

    def hand(self, batch: Batch) -> None:
        """Adds a batch, which does not change any more."""
        if self._is_closed:
            return
        if self._waiting is None:
            self._waiting, self._is_ours = batch, False
            self._wake_writer()
        elif self._is_full(self._waiting):
            self._is_closed = True
            self._overflow()
        else:
            self._add_to(self._waiting, batch)

    def _is_full(self, waiting: Batch) -> bool:
        # Checked before adding: what is alone may be of any size.
        return len(waiting) >= self._most_messages or waiting.characters > self._most_bytes

    def _add_to(self, waiting: Batch, batch: Batch) -> None:
        if not self._is_ours:
            self._waiting, self._is_ours = Batch(), True
            self._waiting.add_all(waiting)
            waiting = self._waiting
        waiting.add_all(batch)
        counters.waiting(len(waiting), waiting.characters)

    def blocked_seconds(self) -> float:
        """For how long the present write has been blocked."""
        return 0.0 if self.blocked_since is None else time.monotonic() - self.blocked_since

    async def finish(self, send_close: Callable[[], Awaitable[None]]) -> None:
        """Writes what waits, then calls `send_close`; gives up after CLOSING_SECONDS."""
        self._is_closed = True
        self._wake_writer()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(CLOSING_SECONDS):
                if self._writer is not None:
                    await asyncio.shield(self._writer)
                await send_close()

    async def abandon(self, send_close: Callable[[], Awaitable[None]]) -> None:
        """Drops what waits, then calls `send_close`; gives up after CLOSING_SECONDS."""
        self.stop()
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await send_close()

    def stop(self) -> None:
        """Drops what waits, and writes no more."""
        self._drop()
        if self._writer is not None:
            self._writer.cancel()

    def _drop(self) -> None:
        self._is_closed = True
        self._waiting = None
        self.blocked_since = None

    def _wake_writer(self) -> None:
        if self._pause is not None and not self._pause.done():
            self._pause.set_result(None)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                while self._waiting is not None:
                    await self._write_what_waits(self._waiting)
                if self._is_closed:
                    return
                self._pause = loop.create_future()
                await self._pause
        except OSError:  # the client is gone; its consumer gets a disconnect
            self._drop()
        except Exception:
            log.exception("A frame could not be written; the client is disconnected.")
            self._drop()
            self._overflow()

    async def _write_what_waits(self, batch: Batch) -> None:
        self._waiting = None
        if self._is_ours:
            counters.merged(batch.merged)
        for frame in batch.frames:
            self.blocked_since = time.monotonic()
            await self._send(frame)
        self.blocked_since = None
        counters.delivered(batch.message_count, batch.characters)
        if batch.oldest is not None:
            counters.waited(time.time() - batch.oldest)
