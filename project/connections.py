"""HTTP/1.1 connections of uvicorn with an end: time-outs for headers, bodies and writes, and a bound on their number.

A proxy in front does the same for slow clients; this holds where there is none, and for what gets past it. Sockets leave
these rules with their handshake: they have limits of their own (REALTIME_*).
"""

import asyncio
import logging
import math
import resource
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, cast

import h11
from django.conf import settings
from uvicorn.protocols.http.h11_impl import H11Protocol

from accounts.addresses import address_key

log = logging.getLogger(__name__)

LINGER_SECONDS: Final = (
    5.0  # in which the rest of a body that was refused is read and dropped (nginx's lingering_timeout)
)
A2A_ANSWER_SECONDS: Final = 1.0  # in which its own door answers to a body that does not come
SHARE_OF_FILES: Final = 0.8  # of the files that the process may open: the others are for the database and the work
NEAR_SHARE: Final = 0.8  # of the connections that may be open: from there on the log says so
SECONDS_BETWEEN_WARNINGS: Final = 60.0
TIMED_OUT: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Connections:
    """All HTTP connections of this process: how many each address has, and which of them wait for a request."""

    def __init__(self) -> None:
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self._most = int(SHARE_OF_FILES * files) if files > 0 else 2**31
        self._of_address: Counter[str] = Counter()
        self._waiting: dict[HTTPConnection, None] = {}  # the one that has waited longest comes first
        self._warned_at: dict[str, float] = {}

    def admit(self, address: str) -> bool:
        """Counts a connection of the address; False when that is one too many. "" is never too many."""
        if address and self._of_address[address] >= settings.HTTP_CONNECTIONS_PER_ADDRESS:
            self._warn("address", f"{address} has {self._of_address[address]} connections, as many as one address may.")
            return False
        self._of_address[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Counts one connection of the address no longer."""
        self._of_address[address] -= 1
        if self._of_address[address] <= 0:
            del self._of_address[address]

    def make_room(self, opened: int) -> None:
        """With more connections than there may be, closes the one that has waited longest for a request."""
        if opened > self._most * NEAR_SHARE:
            self._warn(
                "all", f"{opened} connections are open; {self._most} are the limit (LimitNOFILE of the service)."
            )
        if opened > self._most and self._waiting:
            next(iter(self._waiting)).drop()

    def waits(self, connection: "HTTPConnection") -> None:
        """Notes that the connection waits for a request from now on."""
        self._waiting.pop(connection, None)
        self._waiting[connection] = None

    def is_busy(self, connection: "HTTPConnection") -> None:
        """Notes that it does not, or has ended."""
        self._waiting.pop(connection, None)

    def _warn(self, limit: str, message: str) -> None:
        now = time.monotonic()
        if now - self._warned_at.get(limit, -math.inf) >= SECONDS_BETWEEN_WARNINGS:
            self._warned_at[limit] = now
            log.warning(message)


class HTTPConnection(H11Protocol):
    """uvicorn's own protocol with limits."""

    open_connections: Connections  # of the process; set by `limited_connections`

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address: str | None = None  # what it is counted by; None: it is not counted
        self._awaited: object = None  # h11's state of the client when the timer was set
        self._arrival: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    # --- asyncio's and uvicorn's events ---

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Counts it, or hangs up at once."""
        super().connection_made(transport)
        address = self._counted_address()
        if not self.open_connections.admit(address):
            transport.abort()
            return
        self._address = address
        self._watch()
        self.open_connections.make_room(len(self.connections))

    def data_received(self, data: bytes) -> None:
        """Takes what came, and waits for what comes next."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Waits for the next request, or for the rest of a body that nobody wanted."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._limit_writing()  # what is still to be written must have an end, too
        elif self.conn.their_state is h11.SEND_BODY:
            self._set_arrival(LINGER_SECONDS, self.transport.abort)
        else:
            self._watch()

    def timeout_keep_alive_handler(self) -> None:
        """Closes it, and if the client does not read the end of the last answer, without that."""
        super().timeout_keep_alive_handler()
        self._limit_writing()

    def pause_writing(self) -> None:
        """The client does not read: it has so long to go on."""
        super().pause_writing()
        self._limit_writing()

    def resume_writing(self) -> None:
        """The client reads."""
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hands the connection over: nothing here holds for it any longer."""
        self._forget()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets it."""
        self._forget()
        super().connection_lost(exc)

    # --- our own ---

    def drop(self) -> None:
        """Closes it now; what waits for a request loses nothing."""
        self.transport.abort()

    def _counted_address(self) -> str:
        """The client's address; "" for a proxy's, which has the connections of many, and for that of a Unix socket."""
        host = self.client[0] if self.client else ""
        trusted = getattr(self.config.loaded_app, "trusted_hosts", ())
        return "" if not host or host in trusted else address_key(host)

    def _watch(self) -> None:
        """Sets the timer where something else is awaited than before: a request, the rest of a body, nothing."""
        awaited = self.conn.their_state
        if awaited is self._awaited or self._address is None:
            return
        self._awaited = awaited
        if awaited is h11.IDLE:
            self._set_arrival(settings.REQUEST_HEADER_SECONDS, self._time_out)
            self.open_connections.waits(self)
            return
        self.open_connections.is_busy(self)
        self._set_arrival(_body_seconds() if awaited is h11.SEND_BODY else None, self._time_out)

    def _set_arrival(self, seconds: float | None, late: Callable[[], None]) -> None:
        if self._arrival is not None:
            self._arrival.cancel()
        self._arrival = None if seconds is None else self.loop.call_later(seconds, late)

    def _time_out(self) -> None:
        cycle: Any = self.cycle
        has_begun = cycle is not None and cycle.response_started and not cycle.response_complete
        if not has_begun and not self.transport.is_closing():
            self.transport.write(TIMED_OUT)
        self.transport.close()
        self._limit_writing()

    def _limit_writing(self) -> None:
        if self._writing is None:
            self._writing = self.loop.call_later(settings.RESPONSE_WRITE_SECONDS, self.transport.abort)

    def _forget(self) -> None:
        self._set_arrival(None, self.drop)
        if self._writing is not None:
            self._writing.cancel()
        self.open_connections.is_busy(self)
        if self._address is not None:
            self.open_connections.leave(self._address)
            self._address = None


def _body_seconds() -> float:
    return float(max(settings.REQUEST_BODY_SECONDS, settings.A2A_BODY_SECONDS + A2A_ANSWER_SECONDS))


def limited_connections() -> type[HTTPConnection]:
    """The protocol for one server, which counts its own connections."""
    return cast(type[HTTPConnection], type("LimitedConnection", (HTTPConnection,), {"open_connections": Connections()}))
