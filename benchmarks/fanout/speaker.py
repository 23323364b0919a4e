"""The publisher inside a server that is measured: does what the harness says over a pipe, one line a command.

    rooms ID ID …      these are the rooms from now on; numbering begins at 1; answered when they exist
    upto SEQ           publish events to every room up to this seq
    pace RATE SECONDS  publish RATE messages a second to every room, events and progress in turn; answered at the end
    turns RATE SECONDS the same, but each message goes to one room, to the next one each time

When the harness is gone, so is the server: nothing stays behind.
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
Tell = Callable[[str, Json], Awaitable[None]]
Furnish = Callable[[list[str]], Json]
LONGEST_LINE = 1024 * 1024


def no_furniture(_rooms: list[str]) -> Json:
    """For servers whose rooms need no preparation."""
    return {}


class Speaker:
    """`tell` publishes one message to one room; `furnish` makes rooms, and gives what watchers need to know."""

    def __init__(self, tell: Tell, furnish: Furnish = no_furniture) -> None:
        self._tell = tell
        self._furnish = furnish
        self._rooms: list[str] = []
        self._seqs: dict[str, int] = {}

    def speak_from_a_thread(self) -> None:
        """Publishes from a thread of its own."""
        threading.Thread(target=lambda: asyncio.run(self.speak()), name="publisher", daemon=True).start()

    async def speak(self) -> None:
        """Publishes from the running event loop, until the harness is gone."""
        control = socket.socket(fileno=int(os.environ["CONTROL_FD"]))
        control.setblocking(False)
        reader, writer = await asyncio.open_unix_connection(sock=control, limit=LONGEST_LINE)
        while line := await reader.readline():
            if (answer := await self._obey(line.decode().split())) is not None:
                writer.write(json.dumps(answer).encode() + b"\n")
        os._exit(0)

    async def _obey(self, words: list[str]) -> Json | None:
        match words:
            case ["rooms", *rooms]:
                self._rooms, self._seqs = rooms, dict.fromkeys(rooms, 0)
                return await asyncio.to_thread(self._furnish, rooms)
            case ["upto", seq]:
                await self._publish_up_to(int(seq))
            case ["pace", rate, seconds]:
                return await self._publish_at(float(rate), float(seconds), lambda _: self._rooms)
            case ["turns", rate, seconds]:
                return await self._publish_at(float(rate), float(seconds), self._one_room)
        return None

    def _one_room(self, number: int) -> list[str]:
        return [self._rooms[number % len(self._rooms)]]

    async def _publish_up_to(self, last: int) -> None:
        for seq in range(self._seqs[self._rooms[0]] + 1, last + 1):
            for room in self._rooms:
                self._seqs[room] = seq
                await self._tell(room, messages.event(room, seq))

    async def _publish_at(self, rate: float, seconds: float, rooms: Callable[[int], list[str]]) -> Json:
        loop = asyncio.get_running_loop()
        began, count = loop.time(), round(rate * seconds)
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
            for room in rooms(number):
                await self._tell(room, self._event_or_progress(room, number))
        return {"sent": count, "seconds": loop.time() - began}

    def _event_or_progress(self, room: str, number: int) -> Json:
        if number % 2:
            return messages.progress(room, self._seqs[room], messages.stamp())
        self._seqs[room] += 1
        return messages.event(room, self._seqs[room], messages.stamp())
