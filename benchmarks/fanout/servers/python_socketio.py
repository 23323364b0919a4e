"""python-socketio on uvicorn: a Socket.IO room per room, one emit per message."""

import asyncio
import os

import socketio
import uvicorn

from benchmarks.fanout.publisher import Json, Publisher

io = socketio.AsyncServer(async_mode="asgi", ping_interval=300)


async def connect(sid: str, _environ: Json, auth: Json) -> None:
    """The watcher names its room in the `auth` of its CONNECT packet."""
    await io.enter_room(sid, auth["room"])


async def publish(room: str, message: Json) -> None:
    """One emit to the room, as in its documentation."""
    await io.emit("event", message, room=room)


async def main() -> None:
    """Serves, without compression."""
    io.on("connect", connect)
    config = uvicorn.Config(
        socketio.ASGIApp(io),
        port=int(os.environ["PORT"]),
        ws="websockets-sansio",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(Publisher(publish).run())
        tasks.create_task(uvicorn.Server(config).serve())


if __name__ == "__main__":
    asyncio.run(main())
