"""A client for tests of real servers: one real socket, as a browser opens it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.server import Server

Json = dict[str, Any]
PATIENCE = 20.0  # seconds; a test that hangs for longer has failed


class Watch:
    """One real socket; batches are unpacked."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.start = 0  # the seq of the last answer to a subscribe
        self.seqs: list[int] = []  # of all events heard since
        self._waiting: list[Json] = []

    async def hear(self) -> Json:
        """The next message."""
        if not self._waiting:
            async with asyncio.timeout(PATIENCE):
                message = json.loads(await self.socket.recv())
            self._waiting = message["messages"] if message["type"] == "batch" else [message]
        message = self._waiting.pop(0)
        if message["type"] == "subscribed":
            self.start, self.seqs = message["seq"], []
        if message["type"] == "event":
            self.seqs.append(message["seq"])
        return dict(message)

    async def hear_until(self, holds: Callable[[Json], bool]) -> Json:
        """The next message for which this holds."""
        while not holds(message := await self.hear()):
            pass
        return message

    async def hear_all_until(self, kind: str) -> None:
        """Hears everything up to an event of this kind; no event was missing, none came twice, all were in order."""
        await self.hear_until(lambda message: message.get("kind") == kind)
        first = min(self.start + 1, *self.seqs)  # replayed ones come before the present
        assert self.seqs == list(range(first, self.seqs[-1] + 1))

    async def say(self, **message: Any) -> None:
        """Sends a message."""
        await self.socket.send(json.dumps(message))

    async def close_code(self) -> int:
        """The code with which the server closes; 1006 when it says none."""
        try:
            while True:
                await self.hear()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


@asynccontextmanager
async def watching(server: Server, path: str = "/ws/", token: str = "", **options: Any) -> AsyncIterator[Watch]:
    """A browser's socket: the token is a subprotocol."""
    protocols = [Subprotocol("callboard.v1"), Subprotocol(f"bearer.{token}")] if token else None
    async with connect(server.ws_url + path, subprotocols=protocols, proxy=None, **options) as socket:
        yield Watch(socket)
