"""The WebSocket client of all tests: one vocabulary over an exchangeable transport.

`InProcessTransport` connects to the ASGI application in this process, `SocketTransport` to a real server. Batches are
unpacked, the server's pings are kept apart, the seqs of events are collected.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Generic, Protocol, TypeVar

from channels.testing import WebsocketCommunicator
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed as SocketClosed
from websockets.typing import Subprotocol

from realtime.routing import socket_application
from tests.server import Server
from tests.waiting import TIMEOUT_SECONDS

Json = dict[str, Any]

ABNORMAL_CLOSURE = 1006  # the connection ended without a close frame


class ConnectionClosed(Exception):
    """The server has closed the connection with `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Transport(Protocol):
    """Carries frames. `receive` raises ConnectionClosed once the server has closed."""

    subprotocol: str | None

    async def connect(self) -> None:
        """Opens the connection."""

    async def send(self, frame: str | bytes) -> None:
        """Sends a text or a binary frame."""

    async def receive(self) -> str:
        """The next text frame."""

    async def disconnect(self) -> None:
        """Closes the connection if it is open, and waits until that is done."""


class InProcessTransport:
    """Connects to an ASGI application in this process: by default to the sockets of Callboard."""

    def __init__(
        self,
        path: str = "/ws/",
        *,
        headers: dict[str, str] | None = None,
        subprotocols: list[str] | None = None,
        address: str = "",
        application: object = socket_application,
    ) -> None:
        encoded = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        self.communicator = WebsocketCommunicator(application, path, headers=encoded, subprotocols=subprotocols or [])
        if address:
            self.communicator.scope["client"] = (address, 4711)
        self.subprotocol: str | None = None

    @property
    def consumer(self) -> "asyncio.Future[None]":
        """The task in which the application serves this connection."""
        future: asyncio.Future[None] = self.communicator.future
        return future

    async def connect(self) -> None:
        """Connects; the application always accepts."""
        is_accepted, self.subprotocol = await self.communicator.connect(timeout=TIMEOUT_SECONDS)
        assert is_accepted

    async def send(self, frame: str | bytes) -> None:
        """Sends a text or a binary frame."""
        kind = "bytes" if isinstance(frame, bytes) else "text"
        await self.communicator.send_input({"type": "websocket.receive", kind: frame})

    async def receive(self) -> str:
        """The next text frame."""
        output = await self.communicator.receive_output(TIMEOUT_SECONDS)
        if output["type"] == "websocket.close":
            raise ConnectionClosed(output["code"])
        return str(output["text"])

    async def disconnect(self) -> None:
        """Disconnects, and waits until the application has served the connection to its end."""
        if not self.consumer.done():
            await self.communicator.disconnect(timeout=TIMEOUT_SECONDS)
        await asyncio.wait([self.consumer], timeout=TIMEOUT_SECONDS)


class SocketTransport:
    """Connects to a server at a URL ("ws://127.0.0.1:4711/ws/"); `options` are those of websockets.connect."""

    socket: ClientConnection

    def __init__(self, url: str, *, subprotocols: list[str] | None = None, **options: Any) -> None:
        offered = [Subprotocol(name) for name in subprotocols] if subprotocols else None
        self._connecting = open_socket(url, subprotocols=offered, proxy=None, **options)
        self.subprotocol: str | None = None

    async def connect(self) -> None:
        """Connects; raises websockets' InvalidStatus where the server refuses the handshake."""
        self.socket = await self._connecting
        self.subprotocol = self.socket.subprotocol

    async def send(self, frame: str | bytes) -> None:
        """Sends a text or a binary frame."""
        await self.socket.send(frame)

    async def receive(self) -> str:
        """The next text frame."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return str(await self.socket.recv())
        except SocketClosed as closed:
            raise ConnectionClosed(closed.rcvd.code if closed.rcvd else ABNORMAL_CLOSURE) from closed

    async def disconnect(self) -> None:
        """Closes the socket."""
        await self.socket.close()


AnyTransport = TypeVar("AnyTransport", bound=Transport)


class WebsocketClient(Generic[AnyTransport]):
    """One connection: sends and receives messages of docs/protocol.md."""

    def __init__(self, transport: AnyTransport, *, answers_pings: bool = False) -> None:
        self.transport = transport
        self.received: list[Json] = []  # all that `receive` has returned
        self.pings: list[Json] = []  # those of the server that have come so far
        self.seqs: list[int] = []  # of the events received since the last answer to a subscribe
        self.subscribed_seq = 0  # the seq of that answer
        self.frames = 0  # how many have been received
        self.close_code = 0  # 0 while the connection is open
        self._answers_pings = answers_pings
        self._messages: deque[Json] = deque()

    @property
    def subprotocol(self) -> str | None:
        """What the server has selected."""
        return self.transport.subprotocol

    @property
    def last_seq(self) -> int:
        """The seq up to which this client knows the workflow that it has subscribed to."""
        return max([self.subscribed_seq, *self.seqs[-1:]])

    async def connect(self) -> None:
        """Opens the connection."""
        await self.transport.connect()

    async def send(self, **message: Any) -> None:
        """Sends a message."""
        await self.send_frame(json.dumps(message))

    async def send_frame(self, frame: str | bytes) -> None:
        """Sends a frame as it is: text that need not be JSON, or bytes."""
        await self.transport.send(frame)

    async def receive(self) -> Json:
        """The next message; raises ConnectionClosed if the server closes instead."""
        while not self._messages:
            await self._receive_frame()
        message = self._messages.popleft()
        self.received.append(message)
        if message["type"] == "subscribed":
            self.subscribed_seq, self.seqs = message["seq"], []
        if message["type"] == "event":
            self.seqs.append(message["seq"])
        return message

    async def receive_until(self, message_type: str = "", **fields: Any) -> Json:
        """The next message of this type (if given) that has these fields; what comes before it is skipped."""
        expected = {**({"type": message_type} if message_type else {}), **fields}
        while True:
            message = await self.receive()
            if expected.items() <= message.items():
                return message

    async def receive_every_event_until(self, kind: str) -> None:
        """Receives up to an event of this kind: none was missing, none came twice, all were in order."""
        await self.receive_until("event", kind=kind)
        first = min(self.subscribed_seq + 1, *self.seqs)  # replayed ones are older than the answer
        assert self.seqs == list(range(first, self.seqs[-1] + 1))

    async def receive_close(self) -> int:
        """The code with which the server closes; 1006 if it sends none. Messages before that are skipped."""
        try:
            while True:
                await self.receive()
        except ConnectionClosed as closed:
            return closed.code

    async def request(self, **message: Any) -> Json:
        """Sends a message and gives the answer, which carries its ref."""
        ref = message.setdefault("ref", "r")
        await self.send(**message)
        return await self.receive_until(ref=ref)

    async def receive_types_until_pong(self) -> list[str]:
        """The types of all messages that the server has sent by now: a ping is answered after them."""
        await self.send(type="ping")
        types = [(await self.receive())["type"]]
        while types[-1] != "pong":
            types.append((await self.receive())["type"])
        return types

    async def receives_nothing(self) -> bool:
        """Whether the server has sent nothing more by now, except numbers of watchers."""
        return {*await self.receive_types_until_pong()} <= {"watchers", "pong"}

    async def disconnect(self) -> None:
        """Closes the connection, and waits until that is done."""
        await self.transport.disconnect()

    async def _receive_frame(self) -> None:
        try:
            messages = messages_in(await self.transport.receive())
        except ConnectionClosed as closed:
            self.close_code = closed.code
            raise
        self.frames += 1
        for message in messages:
            if message["type"] == "ping":
                await self._receive_ping(message)
            else:
                self._messages.append(message)

    async def _receive_ping(self, ping: Json) -> None:
        self.pings.append(ping)
        if self._answers_pings:
            await self.send(type="pong")


InProcessClient = WebsocketClient[InProcessTransport]
SocketClient = WebsocketClient[SocketTransport]


def messages_in(frame: str) -> list[Json]:
    """The messages of a text frame: those of a batch, or the one that it is."""
    message: Json = json.loads(frame)
    return list(message["messages"]) if message["type"] == "batch" else [message]


@asynccontextmanager
async def connected_client(
    server: Server,
    path: str = "/ws/",
    token: str = "",
    *,
    subprotocols: list[str] | None = None,
    answers_pings: bool = False,
    **options: Any,
) -> AsyncIterator[SocketClient]:
    """A connection to a running server; a token is shown as a subprotocol, as browsers do."""
    offered = ["callboard.v1", f"bearer.{token}"] if token else subprotocols
    client = SocketClient(
        SocketTransport(server.ws_url + path, subprotocols=offered, **options), answers_pings=answers_pings
    )
    await client.connect()
    try:
        yield client
    finally:
        await client.disconnect()
