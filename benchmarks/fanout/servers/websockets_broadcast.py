"""The websockets library and its `broadcast`: the least that a Python server can do per message and watcher."""

import asyncio
import json
import os
from collections import defaultdict

from websockets.asyncio.server import ServerConnection, broadcast, serve

from benchmarks.fanout.publisher import Json, Publisher

rooms: defaultdict[str, set[ServerConnection]] = defaultdict(set)


async def join(connection: ServerConnection) -> None:
    """Adds the connection to the room that its path names, until it closes."""
    assert connection.request is not None
    room = rooms[connection.request.path.removeprefix("/")]
    room.add(connection)
    try:
        await connection.wait_closed()
    finally:
        room.discard(connection)


async def publish(room: str, message: Json) -> None:
    """Encodes the message once and writes it to all connections of the room."""
    broadcast(rooms[room], json.dumps(message, separators=(",", ":")))
    await asyncio.sleep(0)  # lets other tasks run


async def main() -> None:
    """Serves, without compression."""
    async with serve(join, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        await Publisher(publish).run()


if __name__ == "__main__":
    asyncio.run(main())
