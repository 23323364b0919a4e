"""Events of a room reach everyone once and in order, in whatever order and however often they come."""

from hypothesis import given
from hypothesis import strategies as st

from realtime.audience import Audience
from realtime.parcels import Parcel
from realtime.rooms import Room

ROOM = Room("workflow", "w")


class Ear:
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def hear(self, parcel: Parcel) -> None:
        """Remembers it."""
        self.heard.append(parcel.text)

    def answer(self, result: str) -> None:
        """Remembers it."""
        self.heard.append(result)


def event(seq: int, **more: str) -> Parcel:
    return Parcel(rooms=(ROOM.name,), text=str(seq), seq=seq, **more)


def standing_at(seq: int) -> tuple[Audience, Ear]:
    audience, ear = Audience(ROOM), Ear()
    audience.arriving[ear] = []
    audience.stand_at(seq)
    audience.settle(ear, seq)
    return audience, ear


@given(order=st.permutations(range(1, 9)), again=st.lists(st.integers(1, 8)))
def test_events_are_heard_once_and_in_order(order: list[int], again: list[int]) -> None:
    audience, ear = standing_at(0)
    for seq in [*order, *again]:
        audience.hear(event(seq))
    assert ear.heard == [str(seq) for seq in range(1, 9)]
    assert not audience.is_missing_events()


@given(came=st.lists(st.integers(1, 20)), read=st.integers(0, 20), later=st.integers(0, 5))
def test_who_arrives_hears_all_that_came_after_what_was_read(came: list[int], read: int, later: int) -> None:
    """`came` while the first watcher read everything up to `read`; then comes the rest."""
    audience, ear = Audience(ROOM), Ear()
    audience.arriving[ear] = []
    for seq in came:
        audience.hear(event(seq))
    audience.stand_at(read)
    audience.settle(ear, read)
    for seq in range(1, 21 + later):
        audience.hear(event(seq))
    assert ear.heard == [str(seq) for seq in range(read + 1, 21 + later)]


def test_a_hole_is_noticed_and_news_without_number_pass() -> None:
    audience, ear = standing_at(5)
    audience.hear(event(7))
    assert audience.is_missing_events()
    assert audience.first_early() == 7
    audience.hear(Parcel(rooms=(ROOM.name,), text="tick", key="progress:w"))
    audience.hear(event(6))
    assert ear.heard == ["tick", "6", "7"]
    assert not audience.is_missing_events()


def test_only_so_many_early_events_are_kept() -> None:
    audience, _ = standing_at(0)
    for seq in range(2, 5000):
        audience.hear(event(seq))
    audience.hear(event(1))
    assert audience.top == 1001


def test_a_result_goes_to_the_room_and_once_to_who_asked() -> None:
    audience, asker = standing_at(0)
    other = Ear()
    audience.watchers.add(other)
    audience.askers[asker, "p1\nalice"] = asker
    audience.hear(event(1, request="p1\nalice", result="applied"))
    assert asker.heard == ["1", "applied"]
    assert other.heard == ["1", "applied"]
    assert audience.askers == {}


def test_who_asked_from_outside_hears_only_the_result_and_who_is_arriving_hears_it_later() -> None:
    audience, _ = standing_at(0)
    outside, arriving = Ear(), Ear()
    audience.askers[outside, "p1\nalice"] = outside
    audience.arriving[arriving] = []
    audience.hear(event(1, request="p1\nbob", result="bobs"))
    audience.hear(event(2, request="p1\nalice", result="applied"))
    assert outside.heard == ["applied"]
    assert arriving.heard == []
    audience.settle(arriving, 1)
    assert arriving.heard == ["bobs", "2", "applied"]


def test_who_left_while_reading_is_not_there() -> None:
    audience, ear = standing_at(0)
    audience.part(ear)
    audience.settle(ear, 0)
    audience.hear(event(1))
    assert ear.heard == []
    assert audience.is_empty()
