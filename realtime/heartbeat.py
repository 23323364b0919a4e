"""What happens regularly: clients are pinged and checked, and what the channel layer lost is found."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from realtime import queries, subscriptions
from realtime.connection.authentication import Identity
from realtime.connection.client import Client
from realtime.database import in_thread
from realtime.fanout.hub import Hub
from realtime.fanout.lists import Lists
from realtime.fanout.presence import Presence
from realtime.metrics import counters
from realtime.wire.errors import AuthenticationTimeout, HeartbeatLost, TokenExpired, TooSlow
from realtime.wire.messages import PingMessage, TokenExpiringMessage

log = logging.getLogger(__name__)


class Heartbeat:
    """The heartbeat of one process: one timer for all its clients, not one each."""

    def __init__(self, hub: Hub, presence: Presence, lists: Lists) -> None:
        self._hub = hub
        self._presence = presence
        self._lists = lists
        self._config = hub.config
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Starts the timers."""
        config = self._config
        self._tasks = [
            asyncio.create_task(_every(config.tick_seconds, self._check_clients)),
            asyncio.create_task(_every(config.heartbeat_seconds, self._resynchronise)),
            asyncio.create_task(_every(config.recheck_seconds, self._recheck)),
        ]

    async def stop(self) -> None:
        """Stops the timers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _check_clients(self) -> None:
        monotonic, unix = time.monotonic(), time.time()
        for client in list(self._hub.connected):
            self._check(client, monotonic, unix)

    def _check(self, client: Client, monotonic: float, unix: float) -> None:
        config = self._config
        if client.outbox.blocked_seconds() > config.write_seconds:
            client.abort(TooSlow())
        elif client.disconnect_reason is not None:
            return
        elif monotonic - client.last_received_at > config.silence_seconds:
            client.end(HeartbeatLost())
        elif client.identity is None:
            if monotonic - client.opened_at > config.first_message_seconds:
                client.end(AuthenticationTimeout())
        else:
            self._check_token(client, client.identity, unix)
            if monotonic - client.pinged_at >= config.heartbeat_seconds:
                client.pinged_at = monotonic
                client.send(PingMessage(tops=self._tops(client)))

    def _check_token(self, client: Client, identity: Identity, unix: float) -> None:
        if unix >= identity.expires_at:
            client.end(TokenExpired())
        elif unix >= identity.warn_at(self._config.token_warning_seconds) and client.warned_of != identity.expires_at:
            client.warned_of = identity.expires_at
            client.send(TokenExpiringMessage(expires_in=round(identity.expires_at - unix, 1)))

    def _tops(self, client: Client) -> dict[str, int]:
        tops = {room.name: self._hub.last_sent_seq(room) for room in client.rooms if room.target == "workflow"}
        return {name: top for name, top in tops.items() if top is not None}

    async def _resynchronise(self) -> None:
        """Finds what the layer lost without a trace: memberships, and last events. Other losses show in seq."""
        await self._hub.bridge.renew()
        self._presence.renew()
        rooms = {room.id: room for room in self._hub.rooms() if room.target == "workflow"}
        last_seqs = await in_thread(queries.last_seqs, rooms)
        for workflow_id, seq in last_seqs.items():
            if self._hub.last_seq(rooms[workflow_id]) is not None:
                await self._hub.catch_up(rooms[workflow_id], seq)
        await self._lists.renew()

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
            log.exception("A job of the heartbeat failed; it is tried again in its turn.")
