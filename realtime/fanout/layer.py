"""This process's one channel on the channel layer: the groups that it is in, and the listeners to what comes from them.

The layer may lose a message, forget a membership, or be gone for a while: the next heartbeat mends it.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import msgspec
from channels.layers import InMemoryChannelLayer, get_channel_layer

from realtime.metrics import counters
from realtime.rooms import EVERYONE

log = logging.getLogger(__name__)

LAYER_SECONDS: Final = 2.0  # for it to do what it is asked
RETRY_SECONDS: Final = 1.0
CANCEL_SECONDS: Final = 1.0  # then a task that has not ended is cancelled again

Json = dict[str, Any]


def reaches_others(layer: object) -> bool:
    """Whether the channel layer connects processes."""
    return layer is not None and not isinstance(layer, InMemoryChannelLayer)


class ChannelLayerBridge:
    """The groups that this process is a member of. `listeners` get the messages of the layer, by type."""

    def __init__(self) -> None:
        self.layer = get_channel_layer()
        self.channel = ""
        self.listeners: dict[str, Callable[[Json], None]] = {}
        self._held: Counter[str] = Counter({EVERYONE: 1})  # how many rooms need each group
        self._has_channel = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps only weak references

    def start(self) -> None:
        """Begins to listen."""
        if self.layer is not None:
            self._keep(asyncio.create_task(self._listen()))

    async def stop(self) -> None:
        """Listens no more."""
        while tasks := list(self._tasks):
            for task in tasks:
                task.cancel()
            # A layer may swallow a cancellation, and its client library, too: they are asked until they end.
            await asyncio.wait(tasks, timeout=CANCEL_SECONDS)

    def hold(self, group: str) -> None:
        """One more room needs this group. `join` it."""
        self._held[group] += 1

    def release(self, group: str) -> None:
        """One room needs this group no longer; after the last one it is left."""
        self._held[group] -= 1
        if not self._held[group]:
            del self._held[group]
            self._keep(asyncio.create_task(self._leave(group)))

    async def renew(self) -> None:
        """Joins every group again: memberships expire, and a layer may have forgotten them."""
        for group in list(self._held):
            await self.join(group)

    async def join(self, group: str) -> None:
        """Joins now, or with the next heartbeat."""
        if self.layer is None:
            return
        try:
            async with asyncio.timeout(LAYER_SECONDS):
                await self._has_channel.wait()
                await self.layer.group_add(group, self.channel)
        except Exception as error:  # noqa: BLE001 - whatever it is, the heartbeat tries again
            counters.layer_failed()
            log.warning(
                "The channel layer did not let this process join %s; it tries again with the next heartbeat: %r.",
                group,
                error,
            )

    async def _leave(self, group: str) -> None:
        with suppress(Exception):
            async with asyncio.timeout(LAYER_SECONDS):
                if self.layer is not None and group not in self._held:
                    await self.layer.group_discard(group, self.channel)
                    if group in self._held:  # held again in between
                        await self.layer.group_add(group, self.channel)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self) -> None:
        while True:
            try:
                if not self.channel:
                    self.channel = await self.layer.new_channel()
                    self._has_channel.set()
                    await self.join(EVERYONE)
                self._receive(await self.layer.receive(self.channel))
            except Exception:
                counters.layer_failed()
                log.exception("The channel layer failed; listening again.")
                await asyncio.sleep(RETRY_SECONDS)

    def _receive(self, message: Json) -> None:
        try:
            if message.get("sender") == self.channel:
                return  # delivered already, when it was published here
            if listener := self.listeners.get(message.get("type", "")):
                listener(message)
            else:
                log.warning("A layer message of unknown type %r was ignored.", message.get("type"))
        except (msgspec.DecodeError, KeyError, AttributeError) as error:
            log.warning("A malformed layer message was ignored: %s", error)
