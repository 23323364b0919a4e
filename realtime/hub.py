"""This process's watchers by room, and its one channel on the channel layer.

The hub's channel joins the group of every room that somebody here watches. What comes is encoded already; the hub
hands the same text to all of them. The layer may lose a message: seq shows it, and the database has it.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

import msgspec
from channels.layers import InMemoryChannelLayer, get_channel_layer

from realtime import parcels, records
from realtime.audience import Asker, Audience, Watcher
from realtime.client import Client
from realtime.database import in_thread
from realtime.errors import LoggedOut
from realtime.metrics import tally
from realtime.numbers import numbers
from realtime.parcels import Parcel
from realtime.rooms import EVERYONE, Room

log = logging.getLogger(__name__)

LAYER_SECONDS: Final = 2.0  # to join a group or send to one; the heartbeat mends what fails
RETRY_SECONDS: Final = 1.0
EVENTS_AT_ONCE: Final = 500


def reaches_others(layer: object) -> bool:
    """Whether the channel layer connects processes."""
    return layer is not None and not isinstance(layer, InMemoryChannelLayer)


class Hub:
    """The hub of one process. All methods belong to its event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.numbers = numbers()
        self.layer = get_channel_layer()
        self.channel = ""
        self.clients_here: set[Client] = set()
        self._background: set[asyncio.Task[None]] = set()
        self.is_closing = asyncio.Event()
        self.on_coming_and_going: Callable[[Room], None] = lambda _: None
        self.listeners: dict[str, Callable[[dict[str, Any]], None]] = {
            "parcels": self._hear_parcels,
            "login.ended": lambda message: self.end_login(str(message["login"])),
        }  # what is done with a message of the layer, by its type
        self._audiences: dict[str, Audience] = {}
        self._places: dict[Watcher, set[str]] = {}  # the rooms that somebody watches, or asked something about
        self._groups: Counter[str] = Counter({EVERYONE: 1})
        self._healing: dict[str, asyncio.Task[None]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._has_channel = asyncio.Event()

    def start(self) -> None:
        """Begins to listen to the channel layer."""
        if self.layer is not None:
            self._listening = asyncio.create_task(self._listen())

    def enter(self, client: Client) -> None:
        """A client has connected."""
        self.clients_here.add(client)

    async def stop(self) -> None:
        """Listens no more."""
        tasks = [task for task in (self._listening, *self._healing.values(), *self._background) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def end_login(self, login: str) -> None:
        """Closes the sockets of a login that was ended."""
        for client in list(self.clients_here):
            if client.identity is not None and client.identity.login == login:
                client.end(LoggedOut())

    # --- who is here ------------------------------------------------------------------------------

    def clients(self, room: Room) -> frozenset[Watcher]:
        """Who watches the room in this process."""
        audience = self._audiences.get(room.name)
        return frozenset(audience.watchers | audience.arriving.keys()) if audience else frozenset()

    def rooms(self) -> list[Room]:
        """The rooms that somebody here watches."""
        return [audience.room for audience in self._audiences.values()]

    def top(self, room: Room) -> int | None:
        """The seq of the last event that the room heard; None before the first."""
        audience = self._audiences.get(room.name)
        return audience.top if audience else None

    def told(self, room: Room) -> int | None:
        """The seq of the last event that went out to the room's watchers; None before the first."""
        audience = self._audiences.get(room.name)
        return audience.told() if audience else None

    async def arrive(self, watcher: Watcher, room: Room) -> None:
        """Joins the room; what comes is kept until `settle`. Somebody who is there already arrives anew."""
        self._audience(watcher, room).arrive(watcher)
        self.on_coming_and_going(room)
        await self._join_group(room.group)

    async def settle(self, watcher: Watcher, room: Room, seq: int) -> None:
        """Ends the arrival: the watcher has read everything up to `seq`, and now hears what came meanwhile."""
        if audience := self._audiences.get(room.name):
            await self.reach(room, seq)
            audience.settle(watcher, seq, await self._missed(audience, seq))

    async def ask(self, watcher: Watcher, room: Room, request: str, asker: Asker) -> None:
        """`asker` gets the result of this request, in the room or not."""
        self._audience(watcher, room).askers[watcher, request] = asker
        await self._join_group(room.group)

    def forget_request(self, watcher: Watcher, room: Room, request: str) -> None:
        """There will be no result."""
        if audience := self._audiences.get(room.name):
            audience.askers.pop((watcher, request), None)
            self._tidy(audience, watcher)

    def part(self, watcher: Watcher, room: Room) -> None:
        """Leaves the room."""
        if audience := self._audiences.get(room.name):
            audience.part(watcher)
            self._tidy(audience, watcher)
            self.on_coming_and_going(room)

    def leave(self, watcher: Watcher) -> None:
        """Leaves every room, and awaits no result any more."""
        if isinstance(watcher, Client):
            self.clients_here.discard(watcher)
        for name in self._places.pop(watcher, set()):
            if audience := self._audiences.get(name):
                audience.part(watcher)
                audience.forget_requests(watcher)
                self._close_if_empty(audience)
                self.on_coming_and_going(audience.room)

    def _audience(self, watcher: Watcher, room: Room) -> Audience:
        self._places.setdefault(watcher, set()).add(room.name)
        if audience := self._audiences.get(room.name):
            return audience
        audience = self._audiences[room.name] = Audience(room, self.numbers, self.loop.call_later)
        self._groups[room.group] += 1
        return audience

    def _tidy(self, audience: Audience, watcher: Watcher) -> None:
        if not audience.concerns(watcher):
            self._places.get(watcher, set()).discard(audience.room.name)
        self._close_if_empty(audience)

    def _close_if_empty(self, audience: Audience) -> None:
        if not audience.is_empty() or self._audiences.get(audience.room.name) is not audience:
            return
        del self._audiences[audience.room.name]
        audience.close()
        group = audience.room.group
        self._groups[group] -= 1
        if not self._groups[group]:
            del self._groups[group]
            self._in_background(self._leave_group(group))

    # --- what they hear ---------------------------------------------------------------------------

    def hear(self, parcel: Parcel) -> None:
        """Hands a parcel to everyone here who is in its rooms."""
        for name in parcel.rooms:
            if audience := self._audiences.get(name):
                audience.hear(parcel)
                if audience.is_missing_events():
                    self._heal(audience)
                self._close_if_empty(audience)  # a last asker may have got the result

    async def reach(self, room: Room, seq: int) -> None:
        """Brings the room up to `seq`, from the database if need be."""
        audience = self._audiences.get(room.name)
        if audience is None or room.target != "workflow":
            return
        if audience.top is None:
            audience.stand_at(seq)
            self._close_if_empty(audience)
        while audience.is_missing_events() or seq > (audience.top or 0):
            before, is_new = audience.top, room.name not in self._healing
            await asyncio.wait([self._heal(audience)])
            # One that was under way may have read before this event was written.
            if is_new and audience.top == before:  # the database knows no more
                return

    def _heal(self, audience: Audience) -> asyncio.Task[None]:
        name = audience.room.name
        if (task := self._healing.get(name)) is None:
            task = self._healing[name] = asyncio.create_task(self._read_missing(audience))
        return task

    async def _read_missing(self, audience: Audience) -> None:
        try:
            while await self._read_on(audience):
                pass
        finally:
            del self._healing[audience.room.name]
        self._close_if_empty(audience)

    async def _read_on(self, audience: Audience) -> bool:
        """Reads the next events; whether there is, or may be, more to read."""
        was_missing = audience.is_missing_events()
        missing = await self._events_after(audience, audience.top or 0)
        for message in missing:
            audience.hear(parcels.event_parcel(message))
        if audience.is_empty():
            return False
        if not missing and was_missing and audience.is_missing_events():
            room = audience.room
            log.error("Events of %s after %s are nowhere to be had.", room.name, audience.top, extra=room.facts)
            audience.stand_at(audience.first_early() - 1)
        # An event may have come too early meanwhile, whose predecessors were not written yet when this was read.
        return len(missing) == EVENTS_AT_ONCE or audience.is_missing_events()

    async def _missed(self, audience: Audience, seq: int) -> list[Parcel]:
        """The events after `seq` that the room never passed on: who settled first had read more than this watcher."""
        missed: list[Parcel] = []
        while seq < audience.begin and (page := await self._events_after(audience, seq)):
            missed += [parcels.event_parcel(message) for message in page if message["seq"] <= audience.begin]
            seq = page[-1]["seq"]
        return missed

    async def _events_after(self, audience: Audience, seq: int) -> list[dict[str, Any]]:
        while not audience.is_empty():
            try:
                return await in_thread(records.events_after, audience.room.id, seq, EVENTS_AT_ONCE)
            except Exception:
                log.exception(
                    "Events of %s could not be read; trying again.", audience.room.name, extra=audience.room.facts
                )
                await asyncio.sleep(RETRY_SECONDS)
        return []

    # --- the channel layer ------------------------------------------------------------------------

    async def renew(self) -> None:
        """Joins every group again: memberships expire, and a layer may have forgotten them."""
        for group in list(self._groups):
            await self._join_group(group)

    async def _join_group(self, group: str) -> None:
        if self.layer is None:
            return
        try:
            async with asyncio.timeout(LAYER_SECONDS):
                await self._has_channel.wait()
                await self.layer.group_add(group, self.channel)
        except Exception as error:  # noqa: BLE001 - whatever it is, the heartbeat tries again
            tally.layer_failed()
            log.warning("The channel layer did not let us into %s; trying again later: %r.", group, error)

    def _in_background(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._background.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._background.discard)

    async def _leave_group(self, group: str) -> None:
        with suppress(Exception):
            async with asyncio.timeout(LAYER_SECONDS):
                if self.layer is not None and group not in self._groups:
                    await self.layer.group_discard(group, self.channel)
                    if group in self._groups:  # somebody came in between
                        await self.layer.group_add(group, self.channel)

    async def _listen(self) -> None:
        while True:
            try:
                if not self.channel:
                    self.channel = await self.layer.new_channel()
                    self._has_channel.set()
                    await self._join_group(EVERYONE)
                self._receive(await self.layer.receive(self.channel))
            except Exception:
                tally.layer_failed()
                log.exception("The channel layer failed; listening again.")
                await asyncio.sleep(RETRY_SECONDS)

    def _receive(self, message: dict[str, Any]) -> None:
        try:
            if message.get("sender") == self.channel:
                return  # heard already, when it was published here
            if listener := self.listeners.get(message.get("type", "")):
                listener(message)
            else:
                log.warning("A layer message of unknown type %r was ignored.", message.get("type"))
        except (msgspec.DecodeError, KeyError, AttributeError) as error:
            log.warning("A malformed layer message was ignored: %s", error)

    def _hear_parcels(self, message: dict[str, Any]) -> None:
        for parcel in parcels.from_layer(message.get("parcels")):
            self.hear(parcel)
