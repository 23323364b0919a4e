"""python-socketio on uvicorn: a Socket.IO room per room, one emit per message."""

import asyncio
import os

import socketio
import uvicorn

from benchmarks.fanout.speaker import Json, Speaker

io = socketio.AsyncServer(async_mode="asgi", ping_interval=300)


async def connect(sid: str, _environ: Json, auth: Json) -> None:
    """The watcher says with its greeting which room it wants."""
    await io.enter_room(sid, auth["room"])


async def tell(room: str, message: Json) -> None:
    """As its documentation does."""
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
        tasks.create_task(Speaker(tell).speak())
        tasks.create_task(uvicorn.Server(config).serve())


if __name__ == "__main__":
    asyncio.run(main())
