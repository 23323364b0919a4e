"""Follows one workflow of a running server over its socket, or, where sockets are blocked, by polling (docs/protocol.md)."""

import asyncio
import json
import math
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Final, Protocol, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from callboard_client.apply_message import apply_message
from callboard_client.backoff import FAILURES_BEFORE_POLLING, POLLING_SECONDS, backoff_seconds, jitter
from callboard_client.errors import CallboardError, NotSignedIn, Refused, Unreachable
from callboard_client.session import Session
from callboard_client.types import ENDED, EventsPage, Json, Snapshot

SUBPROTOCOL: Final = "callboard.v1"
OPEN_SECONDS: Final = 10.0
SILENCE_SECONDS: Final = 75.0  # the server pings every 30 s
FRAME_BYTES: Final = 64 * 1024 * 1024  # of a snapshot: the largest is a few megabytes
RETRY_SECONDS: Final = 5.0  # after a poll that was not answered

# Close codes.
TOKEN_INVALID, TOKEN_EXPIRED = 4001, 4203
HOPELESS: Final = frozenset({4003, 4007})  # a user or an origin that may not connect; an unknown version
AT_ONCE: Final = frozenset({4201, 4202, TOKEN_EXPIRED})  # nothing is wrong with the server, or not any more


class Source(Protocol):
    """What the follower needs of a client."""

    url: str
    session: Session

    async def snapshot(self, workflow_id: str) -> Snapshot:
        """All of a workflow."""

    async def events(self, workflow_id: str, *, after: int = 0, wait: float = 0.0) -> EventsPage:
        """What happened after a seq."""


class Follower:
    """Follows a workflow; with a `snapshot` from before, from there. One that is over is not followed any further.

    A server that is out of reach for more than `patience_seconds` is given up.
    """

    def __init__(
        self, source: Source, workflow_id: str, snapshot: Snapshot | None = None, patience_seconds: float = math.inf
    ) -> None:
        self._source = source
        self._url = source.url.replace("http", "ws", 1) + "/ws/"
        self._workflow_id = workflow_id
        self._snapshot = snapshot
        self._is_new = False  # something has come since the snapshot was handed out
        self._failures = 0
        self._patience_seconds = patience_seconds
        self._lost_at = time.monotonic()  # since then it is out of reach
        self._token = ""
        self._refused_token = ""
        self._refusal = ""

    async def snapshots(self) -> AsyncGenerator[Snapshot, None]:
        """The workflow, each time that something is new, until it is over.

        Raises: Refused when there is no use in connecting again; Unreachable when the patience has run out.
        """
        while True:
            news = self._over_socket() if self._failures < FAILURES_BEFORE_POLLING else self._polled(POLLING_SECONDS)
            async for snapshot in news:
                yield snapshot
                if snapshot["state"] in ENDED:
                    return

    # --- the socket ---------------------------------------------------------------------------------

    async def _over_socket(self) -> AsyncIterator[Snapshot]:
        """What comes over one connection. Returns after its end when it is time for the next one."""
        pause = 0.0
        try:
            async for snapshot in self._connection():
                yield snapshot
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 0
            self._check_hope(code, closed.rcvd.reason if closed.rcvd else "")
            pause = jitter(1.0) if code in AT_ONCE and not self._failures else 0.0
        except Refused as refused:
            if not refused.is_retryable:
                raise
            pause = refused.retry_after or 0.0
        except (OSError, InvalidHandshake, TimeoutError, Unreachable):
            pass
        if not self._failures:
            self._lost_at = time.monotonic()
        self._failures += 1
        self._check_patience()
        if self._failures < FAILURES_BEFORE_POLLING:
            await asyncio.sleep(pause or backoff_seconds(self._failures))

    async def _connection(self) -> AsyncIterator[Snapshot]:
        self._token = await self._source.session.access(self._refused_token)
        protocols = [Subprotocol(SUBPROTOCOL), Subprotocol(f"bearer.{self._token}")]
        options: Any = {"subprotocols": protocols, "open_timeout": OPEN_SECONDS, "max_size": FRAME_BYTES}
        async with connect(self._url, **options) as socket:
            while True:
                async with asyncio.timeout(SILENCE_SECONDS):
                    frame = json.loads(await socket.recv())
                for message in frame["messages"] if frame["type"] == "batch" else [frame]:
                    await self._take(socket, message)
                if self._is_new and self._snapshot is not None:
                    self._is_new = False
                    yield self._snapshot

    async def _subscribe(self, socket: ClientConnection) -> None:
        wish: Json = {"type": "subscribe", "target": "workflow", "id": self._workflow_id, "ref": "follow"}
        if self._snapshot is not None:
            wish["since"] = self._snapshot["seq"]
        await socket.send(json.dumps(wish))

    async def _take(self, socket: ClientConnection, message: Json) -> None:
        match message["type"]:
            case "welcome":  # not before: who is refused must read why, and a send would fail first
                await self._subscribe(socket)
            case "ping":
                await socket.send('{"type":"pong"}')
                await self._catch_up(socket, message["tops"].get(f"workflow:{self._workflow_id}", 0))
            case "subscribed":
                self._failures, self._refused_token, self._is_new = 0, "", True
                self._snapshot = message["snapshot"] or self._snapshot
            case "event" | "progress" | "watchers":
                await self._catch_up(socket, message.get("seq", 0) - 1)
                self._apply(message)
            case "token_expiring" if self._source.session.can_renew:
                self._token = await self._source.session.access(self._token)
                await socket.send(json.dumps({"type": "authenticate", "token": self._token}))
            case "error":
                self._refusal = message["message"]
                if message.get("ref") == "follow" and not message["retryable"]:
                    raise Refused(self._refusal, error_type=message["error_type"], detail=message)

    async def _catch_up(self, socket: ClientConnection, top: int) -> None:
        if self._snapshot is not None and top > self._snapshot["seq"]:
            await self._subscribe(socket)

    def _check_hope(self, code: int, reason: str) -> None:
        """Raises: Refused when the server would close the next connection for the same reason."""
        if code in HOPELESS:
            raise Refused(self._refusal or reason, error_type=reason)
        if code not in (TOKEN_INVALID, TOKEN_EXPIRED):
            return
        if not self._source.session.can_renew or self._refused_token:
            raise NotSignedIn(self._refusal or reason, error_type=reason)
        self._refused_token = self._token

    def _check_patience(self) -> None:
        """Raises: Unreachable when the server has been out of reach for too long."""
        if time.monotonic() - self._lost_at > self._patience_seconds:
            raise Unreachable(f"It has not answered for {self._patience_seconds:.0f} s.")

    # --- polling ------------------------------------------------------------------------------------

    async def _polled(self, seconds: float) -> AsyncIterator[Snapshot]:
        """What polling brings for so long; then a socket is tried again, once."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                yield await self._poll(left)
            except CallboardError as error:
                if isinstance(error, Refused) and not error.is_retryable:
                    raise
                self._check_patience()
                await asyncio.sleep(min(left, getattr(error, "retry_after", None) or RETRY_SECONDS))
        self._failures = FAILURES_BEFORE_POLLING - 1

    async def _poll(self, seconds: float) -> Snapshot:
        if self._snapshot is None:
            self._snapshot = await self._source.snapshot(self._workflow_id)
            self._lost_at = time.monotonic()
            return self._snapshot
        page = await self._source.events(self._workflow_id, after=self._snapshot["seq"], wait=seconds)
        self._lost_at = time.monotonic()
        for message in [*page["events"], page["progress"]]:
            self._apply(message)
        if self._snapshot["seq"] < page["seq"]:  # more was missed than a page holds
            self._snapshot = await self._source.snapshot(self._workflow_id)
        return self._snapshot

    def _apply(self, message: Json) -> None:
        snapshot = self._snapshot
        # After a hole, what comes is of no use until the missing part has been replayed.
        if snapshot is not None and (message["type"] != "event" or message["seq"] == snapshot["seq"] + 1):
            apply_message(cast(Json, snapshot), message)
            self._is_new = True
