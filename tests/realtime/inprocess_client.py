"""A client for tests: says and hears messages, over a socket to the application in this process."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from rest_framework_simplejwt.tokens import AccessToken

from realtime.connection.authentication import LOGIN_CLAIM
from realtime.routing import socket_application

Json = dict[str, Any]
PATIENCE = 10.0  # seconds; a test that hangs for longer has failed


class Wire:
    """One connection. Batches are unpacked; pings of the server are kept apart."""

    def __init__(self, path: str, headers: dict[str, str], subprotocols: list[str], address: str = "") -> None:
        given = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.communicator = WebsocketCommunicator(socket_application, path, headers=given, subprotocols=subprotocols)
        if address:
            self.communicator.scope["client"] = (address, 4711)
        self.pings: list[Json] = []
        self.close_code = 0
        self.frames = 0
        self.subprotocol: str | None = None
        self._messages: deque[Json] = deque()

    async def open(self) -> None:
        """Connects; the server always accepts."""
        is_accepted, self.subprotocol = await self.communicator.connect(timeout=PATIENCE)
        assert is_accepted

    async def say(self, **message: Any) -> None:
        """Sends a message."""
        await self.say_text(json.dumps(message))

    async def say_text(self, text: str) -> None:
        """Sends whatever."""
        await self.communicator.send_input({"type": "websocket.receive", "text": text})

    async def say_bytes(self, data: bytes) -> None:
        """Sends a binary frame."""
        await self.communicator.send_input({"type": "websocket.receive", "bytes": data})

    async def hear(self) -> Json:
        """The next message, whatever it is."""
        while not self._messages:
            output = await self.communicator.receive_output(PATIENCE)
            if output["type"] == "websocket.close":
                self.close_code = output["code"]
                raise ConnectionResetError(self.close_code)
            self._take(json.loads(output["text"]))
        return self._messages.popleft()

    async def hear_until(self, message_type: str, *also: Callable[[Json], bool]) -> Json:
        """The next message of this type (for which all of `also` hold); what comes before it is skipped."""
        while True:
            message = await self.hear()
            if message["type"] == message_type and all(holds(message) for holds in also):
                return message

    async def hear_close(self) -> int:
        """The code with which the server closes."""
        try:
            while True:
                await self.hear()
        except ConnectionResetError:
            return self.close_code

    async def ask(self, **message: Any) -> Json:
        """Sends a message and gives the answer that carries its ref."""
        ref = message.setdefault("ref", "r")
        await self.say(**message)
        while True:
            answer = await self.hear()
            if answer.get("ref") == ref:
                return answer

    async def hear_all_until_pong(self) -> list[str]:
        """The types of all that has been sent by now."""
        await self.say(type="ping")
        types = [(await self.hear())["type"]]
        while types[-1] != "pong":
            types.append((await self.hear())["type"])
        return types

    async def hears_nothing(self) -> bool:
        """Whether nothing more comes, but for the number of watchers: a ping is answered before anything else."""
        await self.say(type="ping")
        while (message := await self.hear())["type"] == "watchers":
            pass
        return bool(message["type"] == "pong")

    async def hang_up(self) -> None:
        """Closes, and waits until the server has tidied up."""
        if not self.communicator.future.done():
            await self.communicator.disconnect(timeout=PATIENCE)
        await asyncio.wait([self.communicator.future], timeout=PATIENCE)

    def _take(self, message: Json) -> None:
        self.frames += 1
        for one in message["messages"] if message["type"] == "batch" else [message]:
            if one["type"] == "ping":
                self.pings.append(one)
            else:
                self._messages.append(one)


async def until(holds: Callable[[], bool]) -> None:
    """Returns when it holds: for what nobody announces."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def token_of(user: User, *, seconds: float = 900, login: str = "", age: float = 0) -> str:
    """An access token as signing in gave it so long ago (`age`, in seconds), that is good for so long."""
    token = AccessToken()
    token.set_iat(at_time=datetime.now(UTC) - timedelta(seconds=age))
    token["user_id"] = str(user.pk)
    token[LOGIN_CLAIM] = login or uuid4().hex
    token.set_exp(lifetime=timedelta(seconds=seconds))
    return str(token)
