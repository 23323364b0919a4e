"""Everyone of this process who watches one room, and the order in which they hear of it.

Events of a workflow reach its watchers in seq order: one that came too early waits for its predecessors, and
one that came already is dropped. Who is just arriving (reading a snapshot) hears later what came meanwhile.
"""

from collections.abc import Iterable
from typing import Protocol

from realtime.parcels import Parcel
from realtime.rooms import Room

EARLY_EVENTS = 1000  # that wait for their predecessors; the database has the rest
HELD_NEWS = 1000  # progress and the like that one who is arriving may keep


class Watcher(Protocol):
    """Whoever hears: a client, or a long poll."""

    def hear(self, parcel: Parcel) -> None:
        """Gets a parcel. Quick, and never raises."""


class Asker(Protocol):
    """Whoever awaits the result of an action."""

    def answer(self, result: str) -> None:
        """Gets the control_result. Quick, and never raises."""


class Audience:
    """The watchers of one room in this process."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.watchers: set[Watcher] = set()
        self.arriving: dict[Watcher, list[Parcel]] = {}
        self.askers: dict[tuple[Watcher, str], Asker] = {}  # by who, and what they asked for
        self.top: int | None = None  # seq of the last event that was passed on; None: where it stands is not known yet
        self._early: dict[int, Parcel] = {}

    def is_empty(self) -> bool:
        """Whether nobody is left."""
        return not (self.watchers or self.arriving or self.askers)

    def concerns(self, watcher: Watcher) -> bool:
        """Whether somebody watches, or awaits a result."""
        return watcher in self.watchers or watcher in self.arriving or any(who is watcher for who, _ in self.askers)

    def is_missing_events(self) -> bool:
        """Whether an event waits for one that has not come."""
        return self.top is not None and bool(self._early)

    def hear(self, parcel: Parcel) -> None:
        """Passes a parcel on, at once or when its turn comes."""
        if parcel.seq is None:
            self._pass_on(parcel)
        elif self.top is None or parcel.seq > self.top + 1:
            if len(self._early) < EARLY_EVENTS:
                self._early[parcel.seq] = parcel
        elif parcel.seq == self.top + 1:
            self._advance(parcel)

    def stand_at(self, seq: int) -> None:
        """From now on the events after `seq` count. Only to begin with, or past events that are nowhere to be had."""
        self.top = seq
        for early in [number for number in self._early if number <= seq]:
            del self._early[early]
        if following := self._early.pop(seq + 1, None):
            self._advance(following)

    def first_early(self) -> int:
        """The seq of the earliest event that waits."""
        return min(self._early)

    def settle(self, watcher: Watcher, seq: int) -> None:
        """Ends the arrival of a watcher who has read everything up to `seq`."""
        held = self.arriving.pop(watcher, None)
        if held is None:  # left while reading
            return
        self.watchers.add(watcher)
        for parcel in held:
            if parcel.seq is None or parcel.seq > seq:
                watcher.hear(parcel)

    def part(self, watcher: Watcher) -> None:
        """Forgets a watcher; what they asked for stays awaited."""
        self.watchers.discard(watcher)
        self.arriving.pop(watcher, None)

    def forget_requests(self, watcher: Watcher) -> None:
        """Nobody awaits the results of what this watcher asked for."""
        self.askers = {key: asker for key, asker in self.askers.items() if key[0] is not watcher}

    def _advance(self, parcel: Parcel) -> None:
        following: Parcel | None = parcel
        while following is not None and following.seq is not None:
            self.top = following.seq
            self._pass_on(following)
            if following.result:
                self._pass_result_on(following)
            following = self._early.pop(self.top + 1, None)

    def _pass_on(self, parcel: Parcel) -> None:
        for watcher in self.watchers:
            watcher.hear(parcel)
        for held in self.arriving.values():
            if parcel.seq is not None or len(held) < HELD_NEWS:
                held.append(parcel)

    def _pass_result_on(self, event: Parcel) -> None:
        askers = {watcher: asker for (watcher, request), asker in self.askers.items() if request == event.request}
        result = Parcel(rooms=event.rooms, text=event.result)
        for watcher in _without(self.watchers, askers):
            watcher.hear(result)
        for arriving in _without(self.arriving, askers):
            self.arriving[arriving].append(result)
        for watcher, asker in askers.items():
            del self.askers[watcher, event.request]
            asker.answer(event.result)


def _without(watchers: Iterable[Watcher], askers: dict[Watcher, Asker]) -> list[Watcher]:
    return [watcher for watcher in watchers if watcher not in askers]
