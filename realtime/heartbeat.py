"""The one clock of a hub: looks after all its clients once a second, and keeps the hub true to layer and database."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from realtime import queries, subscriptions
from realtime.connection.authentication import Identity
from realtime.connection.client import Client
from realtime.database import in_thread
from realtime.fanout.hub import Hub
from realtime.fanout.presence import Presence
from realtime.metrics import counters
from realtime.wire.errors import AuthenticationTimeout, HeartbeatLost, TokenExpired, TooSlow
from realtime.wire.messages import PingMessage, TokenExpiringMessage

log = logging.getLogger(__name__)


class Heartbeat:
    """The clock of one hub."""

    def __init__(self, hub: Hub, presence: Presence) -> None:
        self._hub = hub
        self._presence = presence
        self._config = hub.config
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begins to tick."""
        config = self._config
        self._tasks = [
            asyncio.create_task(_every(config.tick_seconds, self._look_after_all)),
            asyncio.create_task(_every(config.heartbeat_seconds, self._mend)),
            asyncio.create_task(_every(config.recheck_seconds, self._recheck)),
        ]

    async def stop(self) -> None:
        """Ticks no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look_after_all(self) -> None:
        now, present = time.monotonic(), time.time()
        for client in list(self._hub.connected):
            self._look_after(client, now, present)

    def _look_after(self, client: Client, now: float, present: float) -> None:
        config = self._config
        if client.outbox.blocked_seconds() > config.write_seconds:
            client.cut_off(TooSlow())
        elif client.disconnect_reason is not None:
            return
        elif now - client.last_received_at > config.silence_seconds:
            client.end(HeartbeatLost())
        elif client.identity is None:
            if now - client.opened_at > config.first_message_seconds:
                client.end(AuthenticationTimeout())
        else:
            self._watch_token(client, client.identity, present)
            if now - client.pinged_at >= config.heartbeat_seconds:
                client.pinged_at = now
                client.send(PingMessage(tops=self._tops(client)))

    def _watch_token(self, client: Client, identity: Identity, present: float) -> None:
        if present >= identity.expires_at:
            client.end(TokenExpired())
        elif (
            present >= identity.warn_at(self._config.token_warning_seconds) and client.warned_of != identity.expires_at
        ):
            client.warned_of = identity.expires_at
            client.send(TokenExpiringMessage(expires_in=round(identity.expires_at - present, 1)))

    def _tops(self, client: Client) -> dict[str, int]:
        tops = {room.name: self._hub.last_sent_seq(room) for room in client.rooms if room.target == "workflow"}
        return {name: top for name, top in tops.items() if top is not None}

    async def _mend(self) -> None:
        """Finds what the layer lost without a trace: memberships, and last events."""
        await self._hub.bridge.renew()
        self._presence.renew()
        rooms = {room.id: room for room in self._hub.rooms() if room.target == "workflow"}
        tops = await in_thread(queries.tops, rooms)
        for workflow_id, seq in tops.items():
            if self._hub.last_seq(rooms[workflow_id]) is not None:
                await self._hub.catch_up(rooms[workflow_id], seq)

    async def _recheck(self) -> None:
        await subscriptions.recheck(self._hub)


async def _every(seconds: float, job: Callable[[], Awaitable[None]]) -> None:
    while True:
        due = time.monotonic() + seconds
        await asyncio.sleep(seconds)
        counters.lagged(time.monotonic() - due)
        try:
            await job()
        except Exception:
            log.exception("A job of the heartbeat failed; it goes on.")
