"""The websockets library and its `broadcast`: the least that a Python server can do per message and watcher."""

import asyncio
import json
import os
from collections import defaultdict

from websockets.asyncio.server import ServerConnection, broadcast, serve

from benchmarks.fanout.speaker import Json, Speaker

rooms: defaultdict[str, set[ServerConnection]] = defaultdict(set)


async def join(connection: ServerConnection) -> None:
    """The path names the room."""
    assert connection.request is not None
    room = rooms[connection.request.path.removeprefix("/")]
    room.add(connection)
    try:
        await connection.wait_closed()
    finally:
        room.discard(connection)


async def tell(room: str, message: Json) -> None:
    """Encodes once, and writes to all."""
    broadcast(rooms[room], json.dumps(message, separators=(",", ":")))
    await asyncio.sleep(0)  # others have their turn, too


async def main() -> None:
    """Serves, without compression."""
    async with serve(join, "127.0.0.1", int(os.environ["PORT"]), compression=None, ping_interval=None):
        await Speaker(tell).speak()


if __name__ == "__main__":
    asyncio.run(main())
