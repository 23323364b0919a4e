"""What serves the sockets of one process: hub, publisher, presence, heartbeat. Started when it is first needed."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

from realtime.connection.limits import ConnectionSlots, UserRateLimits
from realtime.fanout.hub import Hub
from realtime.fanout.lists import Lists
from realtime.fanout.presence import Presence
from realtime.fanout.publisher import Publisher
from realtime.heartbeat import Heartbeat
from realtime.wire.errors import ShuttingDown

DRAIN_STEP_SECONDS: Final = 0.01  # from one close to the next when the server stops
CLOSING_SECONDS: Final = 5.0  # for clients to read what was sent and to answer the close frame
RETRY_SECONDS: Final = 10.0  # after which a user with too many connections may try again


class RealtimeServer:
    """Serves the sockets of one process. Made in a running event loop, to which all but `publisher` belongs."""

    def __init__(self) -> None:
        self.hub = Hub()
        bridge = self.hub.bridge
        self.publisher = Publisher(self.hub.loop, bridge.layer, self.hub.receive, lambda: bridge.channel)
        self.presence = Presence(self.hub, self.publisher.publish)
        self.lists = Lists(self.hub)
        self.heartbeat = Heartbeat(self.hub, self.presence, self.lists)
        config = self.hub.config
        self.user_slots = ConnectionSlots(config.connections_per_user, RETRY_SECONDS)
        # Clients that do not authenticate in time are closed, so then there are slots again.
        self.address_slots = ConnectionSlots(config.connections_per_address, config.first_message_seconds)
        self.poll_limits = UserRateLimits(config.messages_per_minute)
        self._consumers: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Listens to the channel layer and starts the heartbeat."""
        self.hub.bridge.start()
        self.heartbeat.start()

    @contextmanager
    def serving(self) -> Iterator[None]:
        """While the current task serves a client: `drain` waits for it."""
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._consumers.add(task)
        try:
            yield
        finally:
            self._consumers.discard(task)

    async def drain(self) -> None:
        """Sends each client what waits for it and closes it with 4202; returns when all are gone.

        One after the other, so that they do not all reconnect at once. Gives up on those that do not read.
        """
        self.hub.is_closing.set()
        self.hub.flush()
        clients = list(self.hub.connected)
        start, step = time.monotonic(), self._drain_step(len(clients))
        for number, client in enumerate(clients):
            await asyncio.sleep(start + number * step - time.monotonic())
            client.end(ShuttingDown())
        if self._consumers:
            await asyncio.wait(self._consumers, timeout=CLOSING_SECONDS)

    def _drain_step(self, clients: int) -> float:
        return min(DRAIN_STEP_SECONDS, self.hub.config.drain_seconds / max(clients, 1))

    async def stop(self) -> None:
        """Closes every socket, and stops."""
        await self.drain()
        self.presence.stop()
        self.lists.stop()
        await asyncio.wait([asyncio.ensure_future(self.publisher.flush())], timeout=CLOSING_SECONDS)
        await self.heartbeat.stop()
        await self.hub.stop()


_current: RealtimeServer | None = None


def current() -> RealtimeServer:
    """The realtime server of the running event loop."""
    global _current
    if _current is None or _current.hub.loop is not asyncio.get_running_loop():
        _current = RealtimeServer()
        _current.start()
    return _current


def running() -> RealtimeServer | None:
    """The realtime server of this process, for its other threads; None when it serves no sockets."""
    return _current if _current is not None and _current.hub.loop.is_running() else None


async def stop() -> None:
    """Stops the realtime server of this process, if it has one."""
    global _current
    if _current is not None and _current.hub.loop is asyncio.get_running_loop():
        await _current.stop()
        _current = None
