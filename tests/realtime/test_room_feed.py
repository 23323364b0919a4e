"""Events of a room reach everyone once and in order, in whatever order and however often they come."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from realtime.config import read_config
from realtime.fanout.publication import Publication
from realtime.fanout.room_feed import BATCH_MESSAGES, RoomFeed
from realtime.rooms import Room
from realtime.wire.batch import Batch
from tests.realtime.clockwork import Clockwork

ROOM = Room("workflow", "w")


class Ear:
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.batches: list[Batch] = []

    def hear(self, batch: Batch) -> None:
        """Remembers it."""
        self.batches.append(batch)
        for frame in map(json.loads, batch.frames):
            self.heard += frame["messages"] if "messages" in str(frame) else [frame]

    def answer(self, result: str) -> None:
        """Remembers it."""
        self.heard.append(json.loads(result))


class Place:
    """A room whose time passes when the test says so."""

    def __init__(self) -> None:
        self.clock = Clockwork()
        self.feed = RoomFeed(ROOM, read_config(), self.clock)

    def hear(self, *publications: Publication) -> None:
        """These come, one by one."""
        for publication in publications:
            self.feed.hear(publication)
            self.clock.pass_time(1)

    def enter(self, seq: int) -> Ear:
        """Somebody arrives who has read everything up to `seq`."""
        ear = Ear()
        self.feed.arrive(ear)
        if self.feed.top is None:
            self.feed.stand_at(seq)
        self.feed.settle(ear, seq)
        return ear


def event(seq: int, **more: Any) -> Publication:
    return Publication(rooms=(ROOM.name,), type="event", text=str(seq), seq=seq, **more)


def tick(number: int) -> Publication:
    return Publication(rooms=(ROOM.name,), type="progress", text=f'{{"tick":{number},"merged":0}}', key="progress:w")


@given(order=st.permutations(range(1, 9)), again=st.lists(st.integers(1, 8)))
def test_events_are_heard_once_and_in_order(order: list[int], again: list[int]) -> None:
    place = Place()
    ear = place.enter(0)
    place.hear(*map(event, [*order, *again]))
    assert ear.heard == list(range(1, 9))
    assert not place.feed.is_missing_events()


@given(came=st.lists(st.integers(1, 20)), read=st.integers(0, 20), later=st.integers(0, 5))
def test_who_arrives_hears_all_that_came_after_what_was_read(came: list[int], read: int, later: int) -> None:
    """`came` while the first watcher read everything up to `read`; then comes the rest."""
    place, ear = Place(), Ear()
    place.feed.arrive(ear)
    place.hear(*map(event, came))
    place.feed.stand_at(read)
    place.feed.settle(ear, read)
    place.hear(*map(event, range(1, 21 + later)))
    assert ear.heard == list(range(read + 1, 21 + later))


@given(st.lists(st.sampled_from(["event", "tick", "arrive", "settle", "turn"]), max_size=60))
def test_who_arrives_while_much_comes_hears_each_event_once(doings: list[str]) -> None:
    place, seq = Place(), 0
    first, late = place.enter(0), Ear()
    read = 0
    for doing in doings:
        if doing == "event":
            seq += 1
            place.feed.hear(event(seq))
        elif doing == "tick":
            place.feed.hear(tick(seq))
        elif doing == "arrive" and late not in place.feed.watchers:
            place.feed.arrive(late)
            read = seq
        elif doing == "settle" and late in place.feed.arriving:
            place.feed.settle(late, read)
        elif doing == "turn":
            place.clock.turn()
    place.clock.pass_time(1)
    assert [heard for heard in first.heard if isinstance(heard, int)] == list(range(1, seq + 1))
    if late in place.feed.watchers:
        assert [heard for heard in late.heard if isinstance(heard, int)] == list(range(read + 1, seq + 1))


def test_all_watchers_get_the_very_same_batch() -> None:
    place = Place()
    alice, bob = place.enter(0), place.enter(0)
    for seq in range(1, 4):
        place.feed.hear(event(seq))
    place.clock.turn()
    assert alice.heard == [1, 2, 3]
    assert alice.batches[0] is bob.batches[0]


def test_of_progress_only_the_newest_is_written_and_events_keep_their_order() -> None:
    place = Place()
    ear = place.enter(0)
    for publication in (tick(1), event(1), tick(2), event(2)):
        place.feed.hear(publication)
    place.clock.turn()
    assert ear.heard == [1, {"tick": 2, "merged": 1}, 2]


def test_however_much_comes_in_one_turn_a_batch_stays_bounded() -> None:
    place = Place()
    ear = place.enter(0)
    for seq in range(1, 3 * BATCH_MESSAGES):
        place.feed.hear(event(seq))
    place.clock.pass_time(1)
    assert max(map(len, ear.batches)) == BATCH_MESSAGES
    assert ear.heard == list(range(1, 3 * BATCH_MESSAGES))


def test_who_comes_again_loses_nothing_that_has_come() -> None:
    place = Place()
    ear = place.enter(0)
    place.feed.hear(event(1, request="p1\nbob", result='"bobs"'))
    place.feed.arrive(ear)
    place.feed.settle(ear, 1)
    assert ear.heard == [1, "bobs"]


def test_a_hole_is_noticed_and_news_without_number_pass() -> None:
    place = Place()
    ear = place.enter(5)
    place.hear(event(7))
    assert place.feed.is_missing_events()
    assert place.feed.first_early() == 7
    place.hear(tick(1), event(6))
    assert ear.heard == [{"tick": 1, "merged": 0}, 6, 7]
    assert not place.feed.is_missing_events()


def test_only_so_many_early_events_are_kept() -> None:
    place = Place()
    place.enter(0)
    for seq in [*range(2, 5000), 1]:
        place.feed.hear(event(seq))
    assert place.feed.top == 1001


def test_a_result_goes_to_the_room_and_once_to_who_asked() -> None:
    place = Place()
    asker, other = place.enter(0), place.enter(0)
    place.feed.askers[asker, "p1\nalice"] = asker
    place.hear(event(1, request="p1\nalice", result='"applied"'))
    assert asker.heard == [1, "applied"]
    assert other.heard == [1, "applied"]
    assert place.feed.askers == {}


def test_who_asked_from_outside_hears_only_the_result_and_who_is_arriving_hears_it_later() -> None:
    place = Place()
    place.enter(0)
    outside, arriving = Ear(), Ear()
    place.feed.askers[outside, "p1\nalice"] = outside
    place.feed.arrive(arriving)
    place.hear(event(1, request="p1\nbob", result='"bobs"'))
    place.hear(event(2, request="p1\nalice", result='"applied"'))
    assert outside.heard == ["applied"]
    assert arriving.heard == []
    place.feed.settle(arriving, 1)
    assert arriving.heard == ["bobs", 2, "applied"]


def test_who_left_while_reading_is_not_there() -> None:
    place = Place()
    ear = place.enter(0)
    place.feed.part(ear)
    place.feed.settle(ear, 0)
    place.hear(event(1))
    assert ear.heard == []
    assert place.feed.is_empty()


def test_who_asked_in_a_room_that_nobody_watched_yet_hears_the_result_whoever_settles_first() -> None:
    place, asker = Place(), Ear()
    place.feed.askers[asker, "p1\nalice"] = asker
    place.hear(event(2, request="p1\nalice", result='"applied"'))
    place.enter(2)
    assert asker.heard == ["applied"]
    assert place.feed.askers == {}
