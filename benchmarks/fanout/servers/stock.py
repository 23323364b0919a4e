"""Channels as in its tutorial: a channel per connection, group_add, and a send per message and watcher.

SERVER=uvicorn or daphne; LAYER=memory, core or pubsub (the last two with REDIS_URL).
"""

import asyncio
import json
import os
from typing import Any

import django
import uvicorn
from asgiref.typing import ASGI3Application
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from django.conf import settings
from django.urls import re_path

from benchmarks.fanout.publisher import Json, Publisher

LAYERS = {
    "memory": "channels.layers.InMemoryChannelLayer",
    "core": "channels_redis.core.RedisChannelLayer",
    "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
}


class RoomConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """The tutorial's consumer (https://channels.readthedocs.io/en/latest/tutorial/part_3.html)."""

    async def connect(self) -> None:
        """Joins the room's group."""
        self.group = "room." + self.scope["url_route"]["kwargs"]["room"]
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, _code: int) -> None:
        """Leaves it."""
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def room_message(self, event: Json) -> None:
        """Sends a message of the group to the client."""
        await self.send(text_data=json.dumps(event["message"]))


def layer_settings() -> dict[str, Any]:
    """The channel layer named by LAYER, with its defaults."""
    kind = os.environ.get("LAYER", "memory")
    if kind == "memory":
        return {"BACKEND": LAYERS[kind]}
    # redis-py >= 8 times out an idle read after 5 s.
    hosts = [{"address": os.environ["REDIS_URL"], "socket_timeout": None}]
    return {"BACKEND": LAYERS[kind], "CONFIG": {"hosts": hosts}}


async def publish(room: str, message: Json) -> None:
    """One group_send, as in the tutorial."""
    await get_channel_layer().group_send("room." + room, {"type": "room.message", "message": message})


def main() -> None:
    """Serves. The publisher runs in the server's event loop: the in-memory layer cannot be used from another one."""
    settings.configure(CHANNEL_LAYERS={"default": layer_settings()}, INSTALLED_APPS=["channels"], DEBUG=False)
    django.setup()
    application = URLRouter([re_path(r"^ws/(?P<room>[^/]+)/$", RoomConsumer.as_asgi())])
    if os.environ.get("SERVER") == "daphne":
        serve_with_daphne(application)
    else:
        asyncio.run(serve_with_uvicorn(application))


async def serve_with_uvicorn(application: ASGI3Application) -> None:
    """Without compression and without uvicorn's own pings, as Callboard is served."""
    config = uvicorn.Config(
        application,
        port=int(os.environ["PORT"]),
        ws="websockets-sansio",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        log_level="warning",
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(Publisher(publish).run())
        tasks.create_task(uvicorn.Server(config).serve())


def serve_with_daphne(application: ASGI3Application) -> None:
    """In daphne's reactor, which is this process's event loop."""
    from daphne.server import Server  # noqa: PLC0415 - takes the process's reactor
    from twisted.internet import reactor  # noqa: PLC0415

    def begin() -> None:
        publishers.append(asyncio.ensure_future(Publisher(publish).run()))

    publishers: list[asyncio.Future[None]] = []
    reactor.callWhenRunning(begin)
    Server(application=application, endpoints=[f"tcp:port={os.environ['PORT']}:interface=127.0.0.1"]).run()


if __name__ == "__main__":
    main()
