"""The hub by itself: the rooms of this process, and how the database fills in what the channel layer lost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from realtime.config import read_config
from realtime.connection.authentication import Identity
from realtime.connection.client import Client
from realtime.fanout.hub import Hub
from realtime.fanout.publication import Publication, event_publication
from realtime.rooms import COORDINATOR, Room, workflow_room
from realtime.wire.batch import Batch
from tests.waiting import TIMEOUT_SECONDS
from tests.websocket_client import messages_in

Json = dict[str, Any]

ROOM = workflow_room("w")


def event(seq: int) -> Json:
    return {"type": "event", "workflow_id": "w", "seq": seq, "kind": "workflow_paused", "data": {}, "timestamp": ""}


class SampleDatabase:
    """The events of one workflow, up to `last_seq`. A read sees what is there when it begins, and may take its time."""

    def __init__(self) -> None:
        self.last_seq = 0
        self.reads: list[int] = []  # the seq that each began after
        self.failures: list[Exception] = []
        self.answers = asyncio.Event()
        self.answers.set()

    async def read(self, _: Callable[..., Any], room_id: str, seq: int, most: int) -> list[Json]:
        """In place of `in_thread(queries.events_after, …)`."""
        assert room_id == ROOM.id
        self.reads.append(seq)
        found = [event(number) for number in range(seq + 1, self.last_seq + 1)][:most]
        await self.answers.wait()
        if self.failures:
            raise self.failures.pop(0)
        return found


class SampleWatcher:
    """Keeps the seqs of the events that it receives."""

    def __init__(self) -> None:
        self.seqs: list[int] = []

    def receive(self, batch: Batch) -> None:
        """Keeps them."""
        self.seqs += [message["seq"] for frame in batch.frames for message in messages_in(frame)]


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> SampleDatabase:
    database = SampleDatabase()
    monkeypatch.setattr("realtime.fanout.hub.in_thread", database.read)
    monkeypatch.setattr("realtime.fanout.hub.EVENTS_PER_READ", 3)
    return database


@pytest.fixture
async def hub(database: SampleDatabase) -> AsyncIterator[Hub]:
    hub = Hub()
    hub.bridge.start()
    yield hub
    await hub.stop()


@pytest.fixture
async def watcher(hub: Hub) -> SampleWatcher:
    """A watcher of the room, which had no event when it came."""
    return await entered(hub, 0)


async def entered(hub: Hub, seq: int, room: Room = ROOM) -> SampleWatcher:
    watcher = SampleWatcher()
    await hub.join(watcher, room)
    await hub.activate(watcher, room, seq)
    return watcher


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def catch_up(hub: Hub, seq: int) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await hub.catch_up(ROOM, seq)
    hub.flush()


# --- rooms and their watchers ---------------------------------------------------------------------


def new_client(login: str | None = None) -> Client:
    async def nothing(*_: object) -> None:
        pass

    client = Client(read_config(), nothing, nothing, lambda: None)
    if login is not None:
        client.identity = Identity(1, "alice", login, issued_at=0.0, expires_at=900.0)
    return client


async def test_the_end_of_a_login_ends_its_clients_and_no_others(hub: Hub) -> None:
    laptops, phone, stranger = [new_client("laptop"), new_client("laptop")], new_client("phone"), new_client()
    for client in (stranger, *laptops, phone):
        hub.connect(client)
    hub.end_login("laptop")
    assert [client.disconnect_reason is None for client in (stranger, *laptops, phone)] == [True, False, False, True]


async def test_a_room_that_is_watched_is_known_until_its_last_watcher_leaves(hub: Hub) -> None:
    first, second = await entered(hub, 0), await entered(hub, 0)
    assert hub.rooms() == [ROOM]
    hub.leave(first, ROOM)
    assert (hub.watchers(ROOM), hub.rooms()) == (frozenset({second}), [ROOM])
    assert [hub.is_watching(watcher, ROOM) for watcher in (first, second)] == [False, True]
    hub.receive(event_publication(event(1)))
    hub.flush()
    assert (first.seqs, second.seqs) == ([], [1])
    hub.leave(second, ROOM)
    assert (hub.watchers(ROOM), hub.rooms()) == (frozenset(), [])
    assert not hub.is_watching(second, ROOM)


async def test_one_that_joins_counts_as_a_watcher_already(hub: Hub) -> None:
    watcher = SampleWatcher()
    await hub.join(watcher, ROOM)
    assert hub.watchers(ROOM) == {watcher}
    assert hub.is_watching(watcher, ROOM)


async def test_one_that_leaves_all_rooms_is_in_none(hub: Hub) -> None:
    client = new_client()
    hub.connect(client)
    changed: list[Room] = []
    for room in (ROOM, COORDINATOR):
        await hub.join(client, room)
    hub.on_watchers_changed = changed.append
    hub.leave_all(client)
    assert (hub.rooms(), hub.connected) == ([], set())
    assert {room.name for room in changed} == {ROOM.name, COORDINATOR.name}
    hub.leave_all(client)
    assert len(changed) == 2


async def test_a_room_that_is_left_and_entered_again_starts_anew(hub: Hub, watcher: SampleWatcher) -> None:
    hub.receive(event_publication(event(1)))
    hub.leave(watcher, ROOM)
    assert hub.last_seq(ROOM) is None
    again = await entered(hub, 5)
    assert hub.last_seq(ROOM) == 5
    hub.leave(watcher, ROOM)  # it does not watch any more: that changes nothing
    assert hub.watchers(ROOM) == {again}
    await turns()
    assert watcher.seqs == []


async def test_the_seqs_of_a_room_are_known_while_it_is_watched(hub: Hub) -> None:
    assert (hub.last_seq(ROOM), hub.last_sent_seq(ROOM)) == (None, None)
    await entered(hub, 5)
    assert (hub.last_seq(ROOM), hub.last_sent_seq(ROOM)) == (5, 5)
    hub.receive(event_publication(event(6)))
    assert (hub.last_seq(ROOM), hub.last_sent_seq(ROOM)) == (6, 5)
    hub.flush()
    assert hub.last_sent_seq(ROOM) == 6


async def test_what_comes_is_held_for_a_watcher_from_where_the_room_is(hub: Hub, database: SampleDatabase) -> None:
    assert hub.hold(SampleWatcher(), ROOM) is None
    database.last_seq = 5
    watcher = await entered(hub, 5)
    assert hub.hold(SampleWatcher(), ROOM) is None
    assert hub.hold(watcher, ROOM) == 5
    hub.receive(event_publication(event(6)))
    hub.flush()
    assert watcher.seqs == []
    await hub.activate(watcher, ROOM, 5)
    assert watcher.seqs == [6]


async def test_a_watcher_of_a_room_without_events_is_held_from_the_start(hub: Hub) -> None:
    watcher = await entered(hub, 0, COORDINATOR)
    assert hub.hold(watcher, COORDINATOR) == 0


async def test_a_publication_reaches_each_of_its_rooms(hub: Hub) -> None:
    rooms = (Room("agent", "clerk"), Room("agent", "*"))
    one, all_of_them = [await entered(hub, 0, room) for room in rooms]
    names = (rooms[0].name, "agent:another", rooms[1].name)
    hub.receive(Publication(rooms=names, type="agent_status", text='{"type":"agent_status","seq":1}', key="clerk"))
    hub.flush()
    assert (one.seqs, all_of_them.seqs) == ([1], [1])


# --- what was missed is read ----------------------------------------------------------------------


async def test_a_hole_is_filled_from_the_database_page_by_page(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    database.last_seq = 10
    hub.receive(event_publication(event(10)))
    await turns()
    hub.flush()
    assert watcher.seqs == list(range(1, 11))
    assert database.reads == [0, 3, 6, 10]  # the last page was full: there might be more


async def test_a_room_catches_up_with_what_was_never_published(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    database.last_seq = 7
    await catch_up(hub, 7)
    assert watcher.seqs == list(range(1, 8))


async def test_a_room_that_is_up_to_date_reads_nothing(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    database.last_seq = 1
    hub.receive(event_publication(event(1)))
    await catch_up(hub, 1)
    assert database.reads == []


async def test_catching_up_ends_where_the_database_ends(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    database.last_seq = 2
    await catch_up(hub, 1000)
    assert watcher.seqs == [1, 2]
    assert hub.last_seq(ROOM) == 2


async def test_catching_up_with_what_no_database_knows_ends(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    await catch_up(hub, 5)
    assert database.reads == [0]
    assert hub.last_seq(ROOM) == 0


async def test_a_read_that_was_under_way_before_the_event_was_written_is_repeated(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    database.answers.clear()
    early = asyncio.create_task(hub.catch_up(ROOM, 1))
    await turns()
    assert database.reads == [0]  # it has found nothing, and is not back yet
    database.last_seq = 1
    late = asyncio.create_task(hub.catch_up(ROOM, 1))
    await turns()
    database.answers.set()
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await asyncio.gather(early, late)
    hub.flush()
    assert watcher.seqs == [1]


async def test_two_that_catch_up_at_once_share_one_read(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    database.last_seq = 2
    database.answers.clear()
    both = [asyncio.create_task(hub.catch_up(ROOM, 2)) for _ in range(2)]
    await turns()
    assert database.reads == [0]
    database.answers.set()
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await asyncio.gather(*both)
    hub.flush()
    assert watcher.seqs == [1, 2]


async def test_an_event_that_comes_too_early_while_a_read_is_under_way_is_not_left_waiting(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher, caplog: pytest.LogCaptureFixture
) -> None:
    database.answers.clear()
    database.last_seq = 1
    reading = asyncio.create_task(hub.catch_up(ROOM, 1))
    await turns()
    database.last_seq = 3
    hub.receive(event_publication(event(3)))  # the read that is under way does not know of its predecessor
    database.answers.set()
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await reading
    await turns()
    hub.flush()
    assert watcher.seqs == [1, 2, 3]
    assert "cannot be found" not in caplog.text


async def test_an_answer_from_before_a_hole_does_not_mean_that_its_events_are_lost(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher, caplog: pytest.LogCaptureFixture
) -> None:
    database.answers.clear()
    reading = asyncio.create_task(hub.catch_up(ROOM, 2))
    await turns()
    database.last_seq = 2
    hub.receive(event_publication(event(2)))
    database.answers.set()
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await reading
    await turns()
    hub.flush()
    assert watcher.seqs == [1, 2]
    assert "cannot be found" not in caplog.text


async def test_events_that_are_nowhere_are_logged_and_those_after_them_passed_on(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher, caplog: pytest.LogCaptureFixture
) -> None:
    for seq in (5, 9):
        hub.receive(event_publication(event(seq)))
    await turns()
    hub.flush()
    assert watcher.seqs == [5, 9]
    assert hub.last_seq(ROOM) == 9
    assert caplog.text.count("cannot be found anywhere") == 2


async def test_a_database_that_fails_is_asked_again(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.fanout.hub.RETRY_SECONDS", 0)
    database.failures = [OSError("gone"), OSError("still gone")]
    database.last_seq = 1
    await catch_up(hub, 1)
    assert watcher.seqs == [1]
    assert database.reads == [0, 0, 0]


async def test_a_room_that_everyone_has_left_reads_no_further(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    database.last_seq = 10
    database.answers.clear()
    reading = asyncio.create_task(hub.catch_up(ROOM, 10))
    await turns()
    hub.leave(watcher, ROOM)
    database.answers.set()
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await reading
    assert database.reads == [0]
    assert watcher.seqs == []


async def test_only_a_workflow_has_events_to_catch_up_with(hub: Hub, database: SampleDatabase) -> None:
    database.last_seq = 3
    await entered(hub, 0, COORDINATOR)
    await hub.catch_up(COORDINATOR, 3)
    await hub.catch_up(ROOM, 3)  # nothing watches it
    assert database.reads == []


async def test_a_watcher_that_has_read_less_than_the_first_one_gets_what_is_between(
    hub: Hub, database: SampleDatabase
) -> None:
    database.last_seq = 8
    late, early = SampleWatcher(), SampleWatcher()
    for watcher in (late, early):
        await hub.join(watcher, ROOM)
    await hub.activate(early, ROOM, 8)  # the room starts there, and never passes on what was before
    database.last_seq = 9
    hub.receive(event_publication(event(9)))
    await hub.activate(late, ROOM, 2)
    hub.flush()
    assert early.seqs == [9]
    assert late.seqs == [3, 4, 5, 6, 7, 8, 9]


async def test_a_watcher_that_has_read_more_than_the_room_brings_it_up_to_date(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    database.last_seq = 4
    ahead = await entered(hub, 4)
    assert hub.last_seq(ROOM) == 4
    hub.flush()
    assert (watcher.seqs, ahead.seqs) == ([1, 2, 3, 4], [])


async def test_a_hub_that_stops_gives_up_what_it_reads(
    hub: Hub, database: SampleDatabase, watcher: SampleWatcher
) -> None:
    database.answers.clear()
    hub.receive(event_publication(event(3)))
    await turns()
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await hub.stop()
    assert not [task for task in asyncio.all_tasks() if "_read_until_complete" in repr(task)]
