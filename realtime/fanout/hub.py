"""This process's watchers by room.

The process is a member of the group of every room that somebody here watches. What comes is encoded already; the hub
hands the same text to all of them. The layer may lose a message: seq shows it, and the database has it.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from realtime import queries
from realtime.config import read_config
from realtime.connection.client import Client
from realtime.database import in_thread
from realtime.fanout.layer import ChannelLayerBridge
from realtime.fanout.publication import Publication, event_publication, from_layer
from realtime.fanout.room_feed import Asker, RoomFeed, Watcher
from realtime.rooms import Room
from realtime.wire.errors import LoggedOut

log = logging.getLogger(__name__)

RETRY_SECONDS: Final = 1.0
EVENTS_AT_ONCE: Final = 500


class Hub:
    """The hub of one process. All methods belong to its event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.config = read_config()
        self.bridge = ChannelLayerBridge()
        self.bridge.listeners |= {
            "publications": self._receive_publications,
            "login.ended": lambda message: self.end_login(str(message["login"])),
        }
        self.clients_here: set[Client] = set()
        self.is_closing = asyncio.Event()
        self.on_coming_and_going: Callable[[Room], None] = lambda _: None
        self._feeds: dict[str, RoomFeed] = {}
        self._places: dict[Watcher, set[str]] = {}  # the rooms that somebody watches, or asked something about
        self._healing: dict[str, asyncio.Task[None]] = {}

    def enter(self, client: Client) -> None:
        """A client has connected."""
        self.clients_here.add(client)

    async def stop(self) -> None:
        """Hears no more."""
        await self.bridge.stop()
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
        feed = self._feeds.get(room.name)
        return frozenset(feed.watchers | feed.arriving.keys()) if feed else frozenset()

    def rooms(self) -> list[Room]:
        """The rooms that somebody here watches."""
        return [feed.room for feed in self._feeds.values()]

    def top(self, room: Room) -> int | None:
        """The seq of the last event that the room heard; None before the first."""
        feed = self._feeds.get(room.name)
        return feed.top if feed else None

    def told(self, room: Room) -> int | None:
        """The seq of the last event that went out to the room's watchers; None before the first."""
        feed = self._feeds.get(room.name)
        return feed.told() if feed else None

    async def arrive(self, watcher: Watcher, room: Room) -> None:
        """Joins the room; what comes is kept until `settle`. Somebody who is there already arrives anew."""
        self._feed(watcher, room).arrive(watcher)
        self.on_coming_and_going(room)
        await self.bridge.join(room.group)

    async def settle(self, watcher: Watcher, room: Room, seq: int) -> None:
        """Ends the arrival: the watcher has read everything up to `seq`, and now hears what came meanwhile."""
        if feed := self._feeds.get(room.name):
            await self.reach(room, seq)
            feed.settle(watcher, seq, await self._missed(feed, seq))

    async def ask(self, watcher: Watcher, room: Room, request: str, asker: Asker) -> None:
        """`asker` gets the result of this request, in the room or not."""
        self._feed(watcher, room).askers[watcher, request] = asker
        await self.bridge.join(room.group)

    def forget_request(self, watcher: Watcher, room: Room, request: str) -> None:
        """There will be no result."""
        if feed := self._feeds.get(room.name):
            feed.askers.pop((watcher, request), None)
            self._tidy(feed, watcher)

    def part(self, watcher: Watcher, room: Room) -> None:
        """Leaves the room."""
        if feed := self._feeds.get(room.name):
            feed.part(watcher)
            self._tidy(feed, watcher)
            self.on_coming_and_going(room)

    def leave(self, watcher: Watcher) -> None:
        """Leaves every room, and awaits no result any more."""
        if isinstance(watcher, Client):
            self.clients_here.discard(watcher)
        for name in self._places.pop(watcher, set()):
            if feed := self._feeds.get(name):
                feed.part(watcher)
                feed.forget_requests(watcher)
                self._close_if_empty(feed)
                self.on_coming_and_going(feed.room)

    def _feed(self, watcher: Watcher, room: Room) -> RoomFeed:
        self._places.setdefault(watcher, set()).add(room.name)
        if feed := self._feeds.get(room.name):
            return feed
        feed = self._feeds[room.name] = RoomFeed(room, self.config, self.loop)
        self.bridge.hold(room.group)
        return feed

    def _tidy(self, feed: RoomFeed, watcher: Watcher) -> None:
        if not feed.concerns(watcher):
            self._places.get(watcher, set()).discard(feed.room.name)
        self._close_if_empty(feed)

    def _close_if_empty(self, feed: RoomFeed) -> None:
        if not feed.is_empty() or self._feeds.get(feed.room.name) is not feed:
            return
        del self._feeds[feed.room.name]
        feed.close()
        self.bridge.release(feed.room.group)

    # --- what they hear ---------------------------------------------------------------------------

    def flush(self) -> None:
        """Sends the batch now."""
        for feed in self._feeds.values():
            feed.flush()

    def _receive_publications(self, message: dict[str, Any]) -> None:
        for publication in from_layer(message.get("publications")):
            self.hear(publication)

    def hear(self, publication: Publication) -> None:
        """Hands a publication to everyone here who is in its rooms."""
        for name in publication.rooms:
            if feed := self._feeds.get(name):
                feed.hear(publication)
                if feed.is_missing_events():
                    self._heal(feed)
                self._close_if_empty(feed)  # a last asker may have got the result

    async def reach(self, room: Room, seq: int) -> None:
        """Brings the room up to `seq`, from the database if need be."""
        feed = self._feeds.get(room.name)
        if feed is None or room.target != "workflow":
            return
        if feed.top is None:
            feed.stand_at(seq)
            self._close_if_empty(feed)
        while feed.is_missing_events() or seq > (feed.top or 0):
            before, is_new = feed.top, room.name not in self._healing
            await asyncio.wait([self._heal(feed)])
            # One that was under way may have read before this event was written.
            if is_new and feed.top == before:  # the database knows no more
                return

    def _heal(self, feed: RoomFeed) -> asyncio.Task[None]:
        name = feed.room.name
        if (task := self._healing.get(name)) is None:
            task = self._healing[name] = asyncio.create_task(self._read_missing(feed))
        return task

    async def _read_missing(self, feed: RoomFeed) -> None:
        try:
            while await self._read_on(feed):
                pass
        finally:
            del self._healing[feed.room.name]
        self._close_if_empty(feed)

    async def _read_on(self, feed: RoomFeed) -> bool:
        """Reads the next events; whether there is, or may be, more to read."""
        was_missing = feed.is_missing_events()
        missing = await self._events_after(feed, feed.top or 0)
        for message in missing:
            feed.hear(event_publication(message))
        if feed.is_empty():
            return False
        if not missing and was_missing and feed.is_missing_events():
            room = feed.room
            log.error("Events of %s after %s are nowhere to be had.", room.name, feed.top, extra=room.facts)
            feed.stand_at(feed.first_early() - 1)
        # An event may have come too early meanwhile, whose predecessors were not written yet when this was read.
        return len(missing) == EVENTS_AT_ONCE or feed.is_missing_events()

    async def _missed(self, feed: RoomFeed, seq: int) -> list[Publication]:
        """The events after `seq` that the room never passed on: who settled first had read more than this watcher."""
        missed: list[Publication] = []
        while seq < feed.begin and (page := await self._events_after(feed, seq)):
            missed += [event_publication(message) for message in page if message["seq"] <= feed.begin]
            seq = page[-1]["seq"]
        return missed

    async def _events_after(self, feed: RoomFeed, seq: int) -> list[dict[str, Any]]:
        while not feed.is_empty():
            try:
                return await in_thread(queries.events_after, feed.room.id, seq, EVENTS_AT_ONCE)
            except Exception:
                log.exception("Events of %s could not be read; trying again.", feed.room.name, extra=feed.room.facts)
                await asyncio.sleep(RETRY_SECONDS)
        return []
