"""This process's watchers by room.

The process is a member of the channel-layer group of every room that is watched here. What comes is encoded already;
the hub hands the same text to all watchers. The layer may lose a message: seq shows it, and the database has it.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from realtime import queries
from realtime.config import read_config
from realtime.connection.client import Client
from realtime.database import in_thread
from realtime.fanout.layer import ChannelLayerBridge
from realtime.fanout.publication import Publication, event_publication, from_layer
from realtime.fanout.room_feed import RoomFeed, Watcher
from realtime.reads import Reads
from realtime.rooms import Room
from realtime.wire.errors import LoggedOut

log = logging.getLogger(__name__)

RETRY_SECONDS: Final = 1.0
EVENTS_PER_READ: Final = 500


class Hub:
    """The hub of one process. All methods belong to its event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.config = read_config()
        self.reads = Reads(self.config.replay_events)
        self.bridge = ChannelLayerBridge()
        self.bridge.listeners |= {
            "publications": self._receive_from_layer,
            "login.ended": lambda message: self.end_login(str(message["login"])),
        }
        self.connected: set[Client] = set()
        self.is_closing = asyncio.Event()
        self.on_watchers_changed: Callable[[Room], None] = lambda _: None
        self.observers: dict[
            str, Callable[[Publication], None]
        ] = {}  # get what this process publishes or gets, by type
        self._feeds: dict[str, RoomFeed] = {}
        self._rooms_of: dict[Watcher, set[str]] = {}
        self._clients_in: Counter[str] = Counter()  # by room
        self._reading_missing: dict[str, asyncio.Task[None]] = {}

    def connect(self, client: Client) -> None:
        """A client has connected."""
        self.connected.add(client)

    async def stop(self) -> None:
        """Receives nothing any more."""
        await self.bridge.stop()
        tasks = list(self._reading_missing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def end_login(self, login: str) -> None:
        """Closes the sockets of a login that was ended."""
        for client in list(self.connected):
            if client.identity is not None and client.identity.login == login:
                client.end(LoggedOut())

    # --- rooms and their watchers -----------------------------------------------------------------

    def watchers(self, room: Room) -> frozenset[Watcher]:
        """What watches the room in this process, or is joining it."""
        feed = self._feeds.get(room.name)
        return frozenset(feed.watchers | feed.joining.keys()) if feed else frozenset()

    def is_watching(self, watcher: Watcher, room: Room) -> bool:
        """Whether it watches the room, or is joining it."""
        feed = self._feeds.get(room.name)
        return feed is not None and feed.has(watcher)

    def clients_in(self, room: Room) -> int:
        """How many clients watch the room in this process, or are joining it."""
        return self._clients_in[room.name]

    def rooms(self) -> list[Room]:
        """The rooms that are watched here."""
        return [feed.room for feed in self._feeds.values()]

    def last_seq(self, room: Room) -> int | None:
        """The seq of the last event that the room received; None before the first."""
        feed = self._feeds.get(room.name)
        return feed.last_seq if feed else None

    def last_sent_seq(self, room: Room) -> int | None:
        """The seq of the last event that was sent to the room's watchers; None before the first."""
        feed = self._feeds.get(room.name)
        return feed.last_sent_seq() if feed else None

    async def join(self, watcher: Watcher, room: Room) -> None:
        """Joins the room; what comes is kept until `activate`. One that watches it already joins anew."""
        self._feed(watcher, room).join(watcher)
        self.on_watchers_changed(room)
        await self.bridge.join(room.group)

    def hold(self, watcher: Watcher, room: Room) -> int | None:
        """Keeps what comes for an active watcher until `activate`, to which the result is to be given.

        None where there is nothing to hold: it does not watch the room.
        """
        feed = self._feeds.get(room.name)
        if feed is None or watcher not in feed.watchers:
            return None
        feed.join(watcher)
        return feed.last_seq or 0

    def has_read(self, room: Room, fraction: float) -> None:
        """A watcher has read a progress from the database: no smaller one is sent to the room from now on."""
        if feed := self._feeds.get(room.name):
            feed.fraction = max(feed.fraction, fraction)

    async def activate(self, watcher: Watcher, room: Room, seq: int) -> None:
        """Sends the watcher, which knows everything up to `seq`, what came since; and from now on what comes."""
        if feed := self._feeds.get(room.name):
            await self.catch_up(room, seq)
            feed.activate(watcher, seq, await self._missed(feed, seq))

    def leave(self, watcher: Watcher, room: Room) -> None:
        """Leaves the room."""
        rooms = self._rooms_of.get(watcher, set())
        if room.name in rooms:
            rooms.discard(room.name)
            self._leave(watcher, room.name)
        if not rooms:
            self._rooms_of.pop(watcher, None)

    def leave_all(self, watcher: Watcher) -> None:
        """Leaves every room; a client is gone."""
        if isinstance(watcher, Client):
            self.connected.discard(watcher)
        for name in self._rooms_of.pop(watcher, set()):
            self._leave(watcher, name)

    def _leave(self, watcher: Watcher, name: str) -> None:
        self._count(watcher, name, -1)
        if feed := self._feeds.get(name):
            feed.leave(watcher)
            self._close_if_empty(feed)
            self.on_watchers_changed(feed.room)

    def _count(self, watcher: Watcher, name: str, change: int) -> None:
        if isinstance(watcher, Client):
            self._clients_in[name] += change
            if not self._clients_in[name]:
                del self._clients_in[name]

    def _feed(self, watcher: Watcher, room: Room) -> RoomFeed:
        rooms = self._rooms_of.setdefault(watcher, set())
        if room.name not in rooms:
            rooms.add(room.name)
            self._count(watcher, room.name, 1)
        if feed := self._feeds.get(room.name):
            return feed
        feed = self._feeds[room.name] = RoomFeed(room, self.config, self.loop)
        self.bridge.hold(room.group)
        return feed

    def _close_if_empty(self, feed: RoomFeed) -> None:
        if not feed.is_empty() or self._feeds.get(feed.room.name) is not feed:
            return
        del self._feeds[feed.room.name]
        feed.close()
        self.bridge.release(feed.room.group)

    # --- publications -----------------------------------------------------------------------------

    def flush(self) -> None:
        """Sends the batches of all rooms now."""
        for feed in list(self._feeds.values()):
            feed.flush()

    def _receive_from_layer(self, message: dict[str, Any]) -> None:
        for publication in from_layer(message.get("publications")):
            self.receive(publication)

    def receive(self, publication: Publication) -> None:
        """Hands a publication to the watchers of its rooms."""
        if observe := self.observers.get(publication.type):
            observe(publication)
        for name in publication.rooms:
            if feed := self._feeds.get(name):
                feed.receive(publication)
                if feed.is_missing_events():
                    self._read_missing(feed)

    async def catch_up(self, room: Room, seq: int) -> None:
        """Brings the room up to `seq`, from the database if need be."""
        feed = self._feeds.get(room.name)
        if feed is None or room.target != "workflow":
            return
        if feed.last_seq is None:
            feed.start_at(seq)
        while feed.is_missing_events() or seq > (feed.last_seq or 0):
            before, is_new = feed.last_seq, room.name not in self._reading_missing
            await asyncio.wait([self._read_missing(feed)])
            # One that was under way may have read before this event was written.
            if is_new and feed.last_seq == before:  # the database knows no more
                return

    def _read_missing(self, feed: RoomFeed) -> asyncio.Task[None]:
        name = feed.room.name
        if (task := self._reading_missing.get(name)) is None:
            task = self._reading_missing[name] = asyncio.create_task(self._read_until_complete(feed))
        return task

    async def _read_until_complete(self, feed: RoomFeed) -> None:
        try:
            while await self._read_page(feed):
                pass
        finally:
            del self._reading_missing[feed.room.name]

    async def _read_page(self, feed: RoomFeed) -> bool:
        """Reads the next events; whether there is, or may be, more to read."""
        was_missing = feed.is_missing_events()
        missing = await self._events_after(feed, feed.last_seq or 0)
        for message in missing:
            feed.receive(event_publication(message))
        if feed.is_empty():
            return False
        if not missing and was_missing and feed.is_missing_events():
            room = feed.room
            log.error("Events of %s after %s cannot be found anywhere.", room.name, feed.last_seq, extra=room.facts)
            feed.start_at(feed.first_early() - 1)
        # An event may have come too early meanwhile, whose predecessors were not written yet when this was read.
        return len(missing) == EVENTS_PER_READ or feed.is_missing_events()

    async def _missed(self, feed: RoomFeed, seq: int) -> list[Publication]:
        """The events after `seq` that the room never passed on: the first to activate had read more than this one."""
        missed: list[Publication] = []
        while seq < feed.first_seq and (page := await self._events_after(feed, seq)):
            missed += [event_publication(message) for message in page if message["seq"] <= feed.first_seq]
            seq = page[-1]["seq"]
        return missed

    async def _events_after(self, feed: RoomFeed, seq: int) -> list[dict[str, Any]]:
        while not feed.is_empty():
            try:
                return await in_thread(queries.events_after, feed.room.id, seq, EVENTS_PER_READ)
            except Exception:
                log.exception("Events of %s could not be read; trying again.", feed.room.name, extra=feed.room.facts)
                await asyncio.sleep(RETRY_SECONDS)
        return []
