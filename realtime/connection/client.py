"""One WebSocket connection, as the rest of realtime sees it: its user, its rooms, and how to send to it."""

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple, Protocol

from agents.errors import CallboardError
from realtime.config import Config
from realtime.connection.authentication import Identity
from realtime.connection.limits import AUTHENTICATIONS_PER_MINUTE, MessageLimit
from realtime.connection.outbox import Outbox, Send
from realtime.metrics import counters
from realtime.rooms import Room
from realtime.wire.batch import Batch
from realtime.wire.errors import CloseCode, Disconnect, TooSlow
from realtime.wire.messages import ErrorMessage, FromServer, encode

log = logging.getLogger(__name__)

Close = Callable[[CloseCode, str], Awaitable[None]]


class Encoded(NamedTuple):
    """A message as JSON, which many may get."""

    type: str
    text: str


def encoded(message: FromServer) -> Encoded:
    """The message, encoded."""
    return Encoded(str(message.__struct_config__.tag), encode(message))


class Closable(Protocol):
    """What a client awaits."""

    def close(self) -> None:
        """Awaits nothing any more."""


class Client:
    """A client. `send` and `close` are the connection's; `over` is called when there is nothing more to send."""

    def __init__(self, config: Config, send: Send, close: Close, over: Callable[[], None]) -> None:
        self.id = uuid.uuid4().hex
        self.identity: Identity | None = None
        self.rooms: set[Room] = set()
        self.pending_results: list[Closable] = []  # of the actions that it asked for
        self.limit = MessageLimit(config.messages_per_minute, config.refusals_per_minute)
        self.authentications = MessageLimit(AUTHENTICATIONS_PER_MINUTE, config.refusals_per_minute)
        self.opened_at = self.last_received_at = self.pinged_at = time.monotonic()
        self.warned_of = 0.0  # the expiry of the token that it was warned of
        self.disconnect_reason: Disconnect | None = None
        self.messages_received = 0
        self.is_open = False
        self.client_close_code = 1006  # the close code that the client itself gave; 1006: none
        self.outbox = Outbox(
            send,
            overflow=lambda: self.abort(TooSlow()),
            most_messages=config.outbox_messages,
            most_bytes=config.outbox_bytes,
        )
        self._close = close
        self._over = over
        self.ending: asyncio.Task[None] | None = None

    def facts(self, **more: object) -> dict[str, object]:
        """Its fields in the log. Never a name, a token, or the content of a message."""
        return {"client": self.id, "user": self.identity.user_id if self.identity else None, **more}

    def opened(self) -> None:
        """The connection is open."""
        self.is_open = True
        counters.opened()
        log.debug("A client has connected.", extra=self.facts())

    def touch(self) -> None:
        """Notes that a message of the client has come."""
        self.messages_received += 1
        self.last_received_at = time.monotonic()

    def receive(self, batch: Batch) -> None:
        """Puts a batch of a room into its outbox."""
        self.outbox.hand(batch)

    def send(self, *messages: FromServer | Encoded) -> None:
        """Puts messages into its outbox, together and in this order."""
        ready = [message if isinstance(message, Encoded) else encoded(message) for message in messages]
        for message in ready:
            counters.published(message.type)
        self.outbox.put(*(message.text for message in ready))

    def refuse(self, error: CallboardError, ref: str | None = None) -> None:
        """Sends the error; the connection goes on."""
        self._refused(error)
        self.send(error_message(error, ref))

    def end(self, error: Disconnect) -> None:
        """Sends what waits, then the error, and closes the connection."""
        if self.disconnect_reason is None:
            self.refuse(error)
            self._end_with(error, self.outbox.finish)

    def abort(self, error: Disconnect) -> None:
        """Closes the connection and drops what waits, the error too: the client does not read."""
        if self.disconnect_reason is None:
            self._refused(error)
            self._end_with(error, self.outbox.abandon)

    def closed(self) -> None:
        """The connection has ended."""
        for pending in tuple(self.pending_results):
            pending.close()
        self.outbox.stop()
        if self.ending is not None:
            self.ending.cancel()
        if self.is_open:
            self._note_end()

    def _note_end(self) -> None:
        code = self.disconnect_reason.close_code if self.disconnect_reason else self.client_close_code
        counters.closed(code)
        seconds = round(time.monotonic() - self.opened_at, 1)
        facts = self.facts(close_code=int(code), seconds=seconds, messages=self.messages_received)
        log.info("A client has gone.", extra=facts)

    def _refused(self, error: CallboardError) -> None:
        counters.refused(error.error_type)
        log.debug("A client was refused.", extra=self.facts(error_type=error.error_type))

    def _end_with(
        self, error: Disconnect, how: Callable[[Callable[[], Awaitable[None]]], Coroutine[Any, Any, None]]
    ) -> None:
        self.disconnect_reason = error
        self.ending = asyncio.create_task(how(self._send_close))
        # Always called, even when closing failed: the connection must not stay.
        self.ending.add_done_callback(self._ended)

    def _ended(self, ending: asyncio.Task[None]) -> None:
        if not ending.cancelled() and (error := ending.exception()):
            log.warning("A client could not be closed.", exc_info=error, extra=self.facts())
        self._over()

    async def _send_close(self) -> None:
        if self.disconnect_reason is not None:
            await self._close(self.disconnect_reason.close_code, self.disconnect_reason.error_type)


def error_message(error: CallboardError, ref: str | None = None) -> ErrorMessage:
    """The error as it goes over the wire."""
    return ErrorMessage(
        message=error.message,
        error_type=error.error_type,
        retryable=error.retryable,
        retry_after=error.retry_after,
        ref=ref,
    )
