"""Follows one workflow of a running server over its socket: the client of docs/protocol.md, in Python."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from realtime.pyclient.apply_message import apply_message
from realtime.wire.errors import CloseCode
from realtime.wire.messages import BEARER_PREFIX, SUBPROTOCOL

BACKOFF_SECONDS: Final = (1, 2, 4, 8, 16)  # ceilings; what is waited is 0.5 to 1 times as long
OPEN_SECONDS: Final = 10.0
SILENCE_SECONDS: Final = 75.0  # the server pings every 30 s
HOPELESS: Final = frozenset({CloseCode.FORBIDDEN, CloseCode.UNSUPPORTED_PROTOCOL})

Json = dict[str, Any]
Token = Callable[[], Awaitable[str]]


class Refused(Exception):
    """The server will not show it; the message is the server's."""


class Follower:
    """Follows `workflow_id` at `url` ("ws://127.0.0.1:8000"). `token` gives a fresh access token."""

    def __init__(self, url: str, workflow_id: str, token: Token) -> None:
        self._url = url.rstrip("/") + "/ws/"
        self._workflow_id = workflow_id
        self._token = token
        self._snapshot: Json | None = None
        self._failures = 0
        self._refusal = ""

    async def snapshots(self) -> AsyncIterator[Json]:
        """The workflow, each time that something is new. Connects again for as long as it takes.

        Raises: Refused when there is no use in that.
        """
        while True:
            try:
                async for snapshot in self._connection():
                    yield snapshot
            except ConnectionClosed as closed:
                self._give_up_if_hopeless(closed)
            except (OSError, InvalidHandshake, TimeoutError):
                pass
            ceiling = BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS) - 1)]
            self._failures += 1
            await asyncio.sleep(ceiling * random.uniform(0.5, 1))  # noqa: S311 - spreads load, hides nothing

    async def _connection(self) -> AsyncIterator[Json]:
        protocols = [Subprotocol(SUBPROTOCOL), Subprotocol(BEARER_PREFIX + await self._token())]
        options: Any = {"subprotocols": protocols, "open_timeout": OPEN_SECONDS, "max_size": None, "proxy": None}
        async with connect(self._url, **options) as socket:
            while True:
                async with asyncio.timeout(SILENCE_SECONDS):
                    frame = json.loads(await socket.recv())
                for message in frame["messages"] if frame["type"] == "batch" else [frame]:
                    await self._take(socket, message)
                if self._snapshot is not None:
                    yield self._snapshot

    async def _subscribe(self, socket: ClientConnection) -> None:
        wish: Json = {"type": "subscribe", "target": "workflow", "id": self._workflow_id, "ref": "watch"}
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
                self._failures = 0
                self._snapshot = message["snapshot"] or self._snapshot
            case "event" | "progress" | "watchers":
                await self._catch_up(socket, message.get("seq", 0) - 1)
                self._apply(message)
            case "token_expiring":
                await socket.send(json.dumps({"type": "authenticate", "token": await self._token()}))
            case "error":
                self._refusal = message["message"]
                if message.get("ref") == "watch" and not message["retryable"]:
                    raise Refused(self._refusal)

    def _apply(self, message: Json) -> None:
        snapshot = self._snapshot
        # After a hole, what comes is of no use until the missing part has been replayed.
        if snapshot is not None and (message["type"] != "event" or message["seq"] == snapshot["seq"] + 1):
            apply_message(snapshot, message)

    async def _catch_up(self, socket: ClientConnection, top: int) -> None:
        if self._snapshot is not None and top > self._snapshot["seq"]:
            await self._subscribe(socket)

    def _give_up_if_hopeless(self, closed: ConnectionClosed) -> None:
        if closed.rcvd is None:
            return
        if closed.rcvd.code in HOPELESS or (closed.rcvd.code == CloseCode.TOKEN_INVALID and self._failures):
            raise Refused(self._refusal or closed.rcvd.reason)
