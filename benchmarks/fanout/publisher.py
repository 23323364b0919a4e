"""The publisher inside a server that is measured. It takes commands from the benchmark over a socket, one a line:

    rooms ID ID …             creates these rooms, numbered from 1; answered when they exist
    up_to SEQ                 publishes events to every room up to this seq
    rate RATE SECONDS         publishes RATE messages a second to every room, events and progress in turn; answered at the end
    events RATE SECONDS       RATE events a second to each room, of which each has to arrive; one room after the other
    round_robin RATE SECONDS  the same, but each message goes to one room, to the next one each time

The server's process ends when the benchmark closes the socket, so that none is left behind.
"""

import asyncio
import json
import os
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.fanout import messages

Json = dict[str, Any]
Publish = Callable[[str, Json], Awaitable[None]]
CreateRooms = Callable[[list[str]], Json]
LONGEST_LINE = 1024 * 1024  # bytes


def rooms_need_nothing(_rooms: list[str]) -> Json:
    """For servers whose rooms need no preparation."""
    return {}


class Publisher:
    """`publish` sends one message to one room; `create_rooms` makes rooms and returns what watchers need to connect."""

    def __init__(self, publish: Publish, create_rooms: CreateRooms = rooms_need_nothing) -> None:
        self._publish = publish
        self._create_rooms = create_rooms
        self._rooms: list[str] = []
        self._seqs: dict[str, int] = {}

    def run_in_thread(self) -> None:
        """Publishes from a thread of its own."""
        threading.Thread(target=lambda: asyncio.run(self.run()), name="publisher", daemon=True).start()

    async def run(self) -> None:
        """Publishes from the running event loop, until the benchmark closes the socket; then ends the process."""
        control = socket.socket(fileno=int(os.environ["CONTROL_FD"]))
        control.setblocking(False)
        reader, writer = await asyncio.open_unix_connection(sock=control, limit=LONGEST_LINE)
        while line := await reader.readline():
            if (answer := await self._execute(line.decode().split())) is not None:
                writer.write(json.dumps(answer).encode() + b"\n")
        os._exit(0)

    async def _execute(self, command: list[str]) -> Json | None:
        match command:
            case ["rooms", *rooms]:
                self._rooms, self._seqs = rooms, dict.fromkeys(rooms, 0)
                return await asyncio.to_thread(self._create_rooms, rooms)
            case ["up_to", seq]:
                await self._publish_up_to(int(seq))
            case ["rate", rate, seconds]:
                return await self._publish_at(float(rate), float(seconds), lambda _: self._rooms)
            case ["events", rate, seconds]:
                each = round(float(rate) * float(seconds))
                return await self._publish_at(
                    float(rate) * len(self._rooms), each / float(rate), self._one_room, self._event
                )
            case ["round_robin", rate, seconds]:
                return await self._publish_at(float(rate), float(seconds), self._one_room)
        return None

    def _one_room(self, number: int) -> list[str]:
        return [self._rooms[number % len(self._rooms)]]

    async def _publish_up_to(self, last: int) -> None:
        for seq in range(self._seqs[self._rooms[0]] + 1, last + 1):
            for room in self._rooms:
                self._seqs[room] = seq
                await self._publish(room, messages.event(room, seq))

    async def _publish_at(
        self,
        rate: float,
        seconds: float,
        rooms: Callable[[int], list[str]],
        message: Callable[[str, int], Json] | None = None,
    ) -> Json:
        message = message or self._event_or_progress
        loop = asyncio.get_running_loop()
        began, count = loop.time(), round(rate * seconds)
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
            for room in rooms(number):
                await self._publish(room, message(room, number))
        return {"sent": count, "seconds": loop.time() - began}

    def _event_or_progress(self, room: str, number: int) -> Json:
        if number % 2:
            return messages.progress(room, self._seqs[room], messages.stamp())
        return self._event(room, number)

    def _event(self, room: str, _number: int) -> Json:
        self._seqs[room] += 1
        return messages.event(room, self._seqs[room], messages.stamp())
