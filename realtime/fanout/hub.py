"""This process's watchers by room.

The process is a member of the group of every room that somebody here watches. What comes is encoded already; the hub
hands the same text to all of them. The layer may lose a message: seq shows it, and the database has it.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from realtime import queries
from realtime.config import numbers
from realtime.connection.client import Client
from realtime.database import in_thread
from realtime.fanout.layer import Membership
from realtime.fanout.publication import Publication, event_publication, from_layer
from realtime.fanout.room_feed import Asker, Audience, Watcher
from realtime.rooms import Room
from realtime.wire.errors import LoggedOut

log = logging.getLogger(__name__)

RETRY_SECONDS: Final = 1.0
EVENTS_AT_ONCE: Final = 500


class Hub:
    """The hub of one process. All methods belong to its event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.numbers = numbers()
        self.membership = Membership()
        self.membership.listeners |= {
            "publications": self._receive_publications,
            "login.ended": lambda message: self.end_login(str(message["login"])),
        }
        self.clients_here: set[Client] = set()
        self.is_closing = asyncio.Event()
        self.on_coming_and_going: Callable[[Room], None] = lambda _: None
        self._audiences: dict[str, Audience] = {}
        self._places: dict[Watcher, set[str]] = {}  # the rooms that somebody watches, or asked something about
        self._healing: dict[str, asyncio.Task[None]] = {}

    def enter(self, client: Client) -> None:
        """A client has connected."""
        self.clients_here.add(client)

    async def stop(self) -> None:
        """Hears no more."""
        await self.membership.stop()
        tasks = list(self._healing.values())
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
        await self.membership.join(room.group)

    async def settle(self, watcher: Watcher, room: Room, seq: int) -> None:
        """Ends the arrival: the watcher has read everything up to `seq`, and now hears what came meanwhile."""
        if audience := self._audiences.get(room.name):
            await self.reach(room, seq)
            audience.settle(watcher, seq, await self._missed(audience, seq))

    async def ask(self, watcher: Watcher, room: Room, request: str, asker: Asker) -> None:
        """`asker` gets the result of this request, in the room or not."""
        self._audience(watcher, room).askers[watcher, request] = asker
        await self.membership.join(room.group)

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
        audience = self._audiences[room.name] = Audience(room, self.numbers, self.loop)
        self.membership.hold(room.group)
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
        self.membership.release(audience.room.group)

    # --- what they hear ---------------------------------------------------------------------------

    def flush(self) -> None:
        """Sends the batch now."""
        for audience in self._audiences.values():
            audience.flush()

    def _receive_publications(self, message: dict[str, Any]) -> None:
        for publication in from_layer(message.get("publications")):
            self.hear(publication)

    def hear(self, publication: Publication) -> None:
        """Hands a publication to everyone here who is in its rooms."""
        for name in publication.rooms:
            if audience := self._audiences.get(name):
                audience.hear(publication)
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
            audience.hear(event_publication(message))
        if audience.is_empty():
            return False
        if not missing and was_missing and audience.is_missing_events():
            room = audience.room
            log.error("Events of %s after %s are nowhere to be had.", room.name, audience.top, extra=room.facts)
            audience.stand_at(audience.first_early() - 1)
        # An event may have come too early meanwhile, whose predecessors were not written yet when this was read.
        return len(missing) == EVENTS_AT_ONCE or audience.is_missing_events()

    async def _missed(self, audience: Audience, seq: int) -> list[Publication]:
        """The events after `seq` that the room never passed on: who settled first had read more than this watcher."""
        missed: list[Publication] = []
        while seq < audience.begin and (page := await self._events_after(audience, seq)):
            missed += [event_publication(message) for message in page if message["seq"] <= audience.begin]
            seq = page[-1]["seq"]
        return missed

    async def _events_after(self, audience: Audience, seq: int) -> list[dict[str, Any]]:
        while not audience.is_empty():
            try:
                return await in_thread(queries.events_after, audience.room.id, seq, EVENTS_AT_ONCE)
            except Exception:
                log.exception(
                    "Events of %s could not be read; trying again.", audience.room.name, extra=audience.room.facts
                )
                await asyncio.sleep(RETRY_SECONDS)
        return []
