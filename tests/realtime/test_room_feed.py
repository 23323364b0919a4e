"""Events of a room reach everyone once and in order, in whatever order and however often they come."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from realtime.config import read_config
from realtime.fanout.publication import Publication, progress_publication
from realtime.fanout.room_feed import BATCH_MESSAGES, HELD_UPDATES, RoomFeed
from realtime.metrics import counters
from realtime.rooms import Room
from realtime.wire.batch import Batch
from tests.realtime.fake_timers import FakeTimers

ROOM = Room("workflow", "w")


class SampleWatcher:
    """Keeps what it receives."""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.batches: list[Batch] = []

    def receive(self, batch: Batch) -> None:
        """Keeps it."""
        self.batches.append(batch)
        for frame in map(json.loads, batch.frames):
            self.received += frame["messages"] if "messages" in str(frame) else [frame]


class SampleRoom:
    """A room whose time passes when the test says so."""

    def __init__(self) -> None:
        self.clock = FakeTimers()
        self.feed = RoomFeed(ROOM, read_config(), self.clock)

    def receive(self, *publications: Publication) -> None:
        """These come, one by one."""
        for publication in publications:
            self.feed.receive(publication)
            self.clock.pass_time(1)

    def enter(self, seq: int) -> SampleWatcher:
        """A watcher joins that has read everything up to `seq`."""
        watcher = SampleWatcher()
        self.feed.join(watcher)
        if self.feed.last_seq is None:
            self.feed.start_at(seq)
        self.feed.activate(watcher, seq)
        return watcher


def event(seq: int, **more: Any) -> Publication:
    return Publication(rooms=(ROOM.name,), type="event", text=str(seq), seq=seq, **more)


def tick(number: int) -> Publication:
    return Publication(rooms=(ROOM.name,), type="progress", text=f'{{"tick":{number},"merged":0}}', key="progress:w")


@given(order=st.permutations(range(1, 9)), again=st.lists(st.integers(1, 8)))
def test_events_are_got_once_and_in_order(order: list[int], again: list[int]) -> None:
    room = SampleRoom()
    watcher = room.enter(0)
    room.receive(*map(event, [*order, *again]))
    assert watcher.received == list(range(1, 9))
    assert not room.feed.is_missing_events()


@given(came=st.lists(st.integers(1, 20)), read=st.integers(0, 20), later=st.integers(0, 5))
def test_a_new_subscriber_receives_all_that_came_after_what_was_read(came: list[int], read: int, later: int) -> None:
    """`came` while the first watcher read everything up to `read`; then comes the rest."""
    room, watcher = SampleRoom(), SampleWatcher()
    room.feed.join(watcher)
    room.receive(*map(event, came))
    room.feed.start_at(read)
    room.feed.activate(watcher, read)
    room.receive(*map(event, range(1, 21 + later)))
    assert watcher.received == list(range(read + 1, 21 + later))


@given(st.lists(st.sampled_from(["event", "tick", "join", "activate", "turn"]), max_size=60))
def test_a_new_subscriber_receives_each_event_once_however_much_comes_meanwhile(doings: list[str]) -> None:
    room, seq = SampleRoom(), 0
    first, late = room.enter(0), SampleWatcher()
    read = 0
    for doing in doings:
        if doing == "event":
            seq += 1
            room.feed.receive(event(seq))
        elif doing == "tick":
            room.feed.receive(tick(seq))
        elif doing == "join" and late not in room.feed.watchers:
            room.feed.join(late)
            read = seq
        elif doing == "activate" and late in room.feed.joining:
            room.feed.activate(late, read)
        elif doing == "turn":
            room.clock.turn()
    room.clock.pass_time(1)
    assert [got for got in first.received if isinstance(got, int)] == list(range(1, seq + 1))
    if late in room.feed.watchers:
        assert [got for got in late.received if isinstance(got, int)] == list(range(read + 1, seq + 1))


def test_all_watchers_get_the_very_same_batch() -> None:
    room = SampleRoom()
    alice, bob = room.enter(0), room.enter(0)
    for seq in range(1, 4):
        room.feed.receive(event(seq))
    room.clock.turn()
    assert alice.received == [1, 2, 3]
    assert alice.batches[0] is bob.batches[0]


def test_of_progress_only_the_newest_is_written_and_events_keep_their_order() -> None:
    room = SampleRoom()
    watcher = room.enter(0)
    for publication in (tick(1), event(1), tick(2), event(2)):
        room.feed.receive(publication)
    room.clock.turn()
    assert watcher.received == [1, {"tick": 2, "merged": 1}, 2]


def test_however_much_comes_in_one_turn_a_batch_stays_bounded() -> None:
    room = SampleRoom()
    watcher = room.enter(0)
    for seq in range(1, 3 * BATCH_MESSAGES):
        room.feed.receive(event(seq))
    room.clock.pass_time(1)
    assert max(map(len, watcher.batches)) == BATCH_MESSAGES
    assert watcher.received == list(range(1, 3 * BATCH_MESSAGES))


def test_who_comes_again_loses_nothing_that_has_come() -> None:
    room = SampleRoom()
    watcher = room.enter(0)
    room.feed.receive(event(1, request="p1\nbob", result='"bobs"'))
    room.feed.join(watcher)
    room.feed.activate(watcher, 1)
    assert watcher.received == [1, "bobs"]


def test_a_hole_is_noticed_and_news_without_number_pass() -> None:
    room = SampleRoom()
    watcher = room.enter(5)
    room.receive(event(7))
    assert room.feed.is_missing_events()
    assert room.feed.first_early() == 7
    room.receive(tick(1), event(6))
    assert watcher.received == [{"tick": 1, "merged": 0}, 6, 7]
    assert not room.feed.is_missing_events()


def test_only_so_many_early_events_are_kept() -> None:
    room = SampleRoom()
    room.enter(0)
    for seq in [*range(2, 5000), 1]:
        room.feed.receive(event(seq))
    assert room.feed.last_seq == 1001


def test_a_result_follows_its_event_and_the_batch_names_its_request() -> None:
    room = SampleRoom()
    watcher, joining = room.enter(0), SampleWatcher()
    room.feed.join(joining)
    room.receive(event(1, request="p1\nbob", result='"bobs"'))
    assert watcher.received == [1, "bobs"]
    assert watcher.batches[0].results == {"p1\nbob": '"bobs"'}
    assert joining.received == []
    room.feed.activate(joining, 1)
    assert joining.received == ["bobs"]
    assert joining.batches[0].results == {"p1\nbob": '"bobs"'}


def test_a_watcher_that_had_read_less_than_the_first_one_gets_what_it_missed_with_its_results() -> None:
    room, requester = SampleRoom(), SampleWatcher()
    room.feed.join(requester)
    missed = event(2, request="p1\nalice", result='"applied"')
    room.receive(missed)
    room.enter(2)
    room.feed.activate(requester, 1, [missed])
    assert requester.received == [2, "applied"]


def test_a_watcher_that_left_while_it_read_does_not_come_back() -> None:
    room = SampleRoom()
    watcher = room.enter(0)
    room.feed.leave(watcher)
    room.feed.activate(watcher, 0)
    room.receive(event(1))
    assert watcher.received == []
    assert room.feed.is_empty()


def test_a_watcher_may_leave_when_it_gets_what_it_waited_for() -> None:
    room = SampleRoom()
    stays = room.enter(0)

    class Leaves(SampleWatcher):
        def receive(self, batch: Batch) -> None:
            super().receive(batch)
            room.feed.leave(self)

    leaves = Leaves()
    room.feed.join(leaves)
    room.feed.activate(leaves, 0)
    room.receive(event(1), event(2))
    assert leaves.received == [1]
    assert stays.received == [1, 2]


def test_the_last_sent_seq_is_that_of_the_last_event_that_was_flushed() -> None:
    room = SampleRoom()
    assert room.feed.last_sent_seq() is None
    room.enter(5)
    assert room.feed.last_sent_seq() == 5
    room.feed.receive(tick(1))
    room.feed.receive(event(6))
    room.feed.receive(event(7))
    assert (room.feed.last_seq, room.feed.last_sent_seq()) == (7, 5)
    room.clock.turn()
    assert room.feed.last_sent_seq() == 7
    room.feed.receive(tick(2))
    assert room.feed.last_sent_seq() == 7


def test_of_updates_only_so_many_are_kept_for_a_watcher_that_is_joining_and_of_events_all() -> None:
    room, joining = SampleRoom(), SampleWatcher()
    room.enter(0)
    room.feed.join(joining)
    updates = [
        Publication(rooms=(ROOM.name,), type="progress", text="{}", key=str(number))
        for number in range(2 * HELD_UPDATES)
    ]
    for update in updates:
        room.feed.receive(update)
    room.receive(*map(event, range(1, 4)))
    room.feed.activate(joining, 0)
    assert joining.received == [{}] * HELD_UPDATES + [1, 2, 3]


def test_an_event_that_the_first_watcher_has_read_already_is_not_missing() -> None:
    room, watcher = SampleRoom(), SampleWatcher()
    room.feed.join(watcher)
    room.receive(event(5))
    room.feed.start_at(5)
    assert not room.feed.is_missing_events()
    assert room.feed.last_seq == 5


def test_a_room_that_knows_no_seq_yet_misses_nothing() -> None:
    room = SampleRoom()
    room.feed.join(SampleWatcher())
    room.receive(event(5))
    assert not room.feed.is_missing_events()


def test_a_room_remembers_where_it_started() -> None:
    room = SampleRoom()
    watcher = room.enter(5)
    assert room.feed.first_seq == 5
    room.receive(event(9))
    room.feed.start_at(8)  # what is between cannot be found anywhere
    room.clock.pass_time(1)
    assert (room.feed.first_seq, room.feed.last_seq) == (5, 9)
    assert watcher.received == [9]


def test_a_watcher_that_joins_anew_gets_what_comes_only_afterwards() -> None:
    room = SampleRoom()
    watcher = room.enter(0)
    room.feed.receive(event(1))
    room.feed.join(watcher)
    assert watcher.received == [1]
    assert watcher not in room.feed.watchers
    assert room.feed.has(watcher)
    room.receive(event(2))
    assert watcher.received == [1]
    room.feed.activate(watcher, 1)
    assert watcher.received == [1, 2]


def test_a_watcher_that_leaves_while_it_joins_is_forgotten() -> None:
    room, joining = SampleRoom(), SampleWatcher()
    room.feed.join(joining)
    room.feed.leave(joining)
    assert room.feed.is_empty()
    assert not room.feed.has(joining)


def test_a_watcher_that_has_missed_nothing_gets_no_empty_batch() -> None:
    room = SampleRoom()
    assert room.enter(0).batches == []


def test_a_room_that_is_closed_sends_nothing_more() -> None:
    room = SampleRoom()
    watcher = room.enter(0)
    room.feed.receive(event(1))
    room.feed.close()
    room.clock.pass_time(1)
    assert watcher.received == []


def test_what_is_merged_in_a_room_is_counted_once_for_all() -> None:
    room = SampleRoom()
    room.enter(0)
    room.enter(0)
    merged, published = counters.messages_merged, counters.messages_published["progress"]
    for number in range(3):
        room.feed.receive(tick(number))
    room.clock.turn()
    assert counters.messages_merged - merged == 2
    assert counters.messages_published["progress"] - published == 3


# --- progress -------------------------------------------------------------------------------------


def so_far(fraction: float) -> Publication:
    fields = {"type": "progress", "workflow_id": "w", "state": "running", "stage": "", "message": "", "eta": None}
    return progress_publication({**fields, "progress": fraction, "seq": 0})


def fractions(watcher: SampleWatcher) -> list[float]:
    return [message["progress"] for message in watcher.received]


def test_progress_never_goes_back_when_two_processes_work_on_one_workflow() -> None:
    room = SampleRoom()
    alice = room.enter(0)
    for fraction in (0.2484, 0.1869, 0.25, 0.2, 0.3):
        room.receive(so_far(fraction))
    assert fractions(alice) == [0.2484, 0.2484, 0.25, 0.25, 0.3]


def test_progress_does_not_go_back_behind_what_a_watcher_has_read() -> None:
    room = SampleRoom()
    alice = SampleWatcher()
    room.feed.join(alice)
    room.feed.start_at(0)
    room.receive(so_far(0.4))
    room.feed.fraction = 0.42  # the row was that far
    room.feed.activate(alice, 0)
    room.receive(so_far(0.41))
    assert fractions(alice) == [0.42, 0.42]
