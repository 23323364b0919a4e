"""Everyone of this process who watches one room, and the order in which they hear of it.

Events of a workflow reach its watchers in seq order: one that came too early waits for its predecessors, and
one that came already is dropped. What comes is added to a batch, the same one for all, joined once: see coalescer.py.
Who is just arriving (reading a snapshot) hears later what came meanwhile.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from realtime.config import Config
from realtime.fanout.coalescer import Clock, Coalescer
from realtime.fanout.publication import Publication
from realtime.metrics import counters
from realtime.rooms import Room
from realtime.wire.batch import Batch, Entry

EARLY_EVENTS: Final = 1000  # that wait for their predecessors; the database has the rest
HELD_NEWS: Final = 1000  # progress and the like that one who is arriving may keep
BATCH_MESSAGES: Final = 500  # then it goes out, whatever the time: half of what may wait for a client


class Watcher(Protocol):
    """Whoever hears: a client, or a long poll."""

    def hear(self, batch: Batch) -> None:
        """Gets a batch of a room. Quick, and never raises. Others get the same batch."""


class Asker(Protocol):
    """Whoever awaits the result of an action."""

    def answer(self, result: str) -> None:
        """Gets the control_result. Quick, and never raises."""


class RoomFeed:
    """The watchers of one room in this process."""

    def __init__(self, room: Room, config: Config, clock: Clock) -> None:
        self.room = room
        self.watchers: set[Watcher] = set()
        self.arriving: dict[Watcher, list[Publication]] = {}
        self.askers: dict[tuple[Watcher, str], Asker] = {}  # by who, and what they asked for
        self.top: int | None = None  # seq of the last event that was passed on; None: where it stands is not known yet
        self.begin = 0  # where it stood first; what came before that was never passed on
        self._told: int | None = None  # the last one before the batch, when that has events
        self._early: dict[int, Publication] = {}
        self._batch = Batch()
        self._coalescer = Coalescer(
            clock, self._flush, least=config.coalesce_seconds, most=config.coalesce_busy_seconds
        )

    def is_empty(self) -> bool:
        """Whether nobody is left."""
        return not (self.watchers or self.arriving or self.askers)

    def concerns(self, watcher: Watcher) -> bool:
        """Whether somebody watches, or awaits a result."""
        return watcher in self.watchers or watcher in self.arriving or any(who is watcher for who, _ in self.askers)

    def is_missing_events(self) -> bool:
        """Whether an event waits for one that has not come."""
        return self.top is not None and bool(self._early)

    def told(self) -> int | None:
        """The seq of the last event that went out; what is in the batch has not been sent yet."""
        return self._told if self._batch.has_events else self.top

    def hear(self, publication: Publication) -> None:
        """Passes a publication on, at once or when its turn comes."""
        if publication.seq is None:
            self._pass_on(publication)
        elif self.top is None or publication.seq > self.top + 1:
            if len(self._early) < EARLY_EVENTS:
                self._early[publication.seq] = publication
        elif publication.seq == self.top + 1:
            self._advance(publication)

    def stand_at(self, seq: int) -> None:
        """From now on the events after `seq` count. Only to begin with, or past events that are nowhere to be had."""
        if self.top is None:
            self.begin = seq
        self.top = seq
        for early in sorted(number for number in self._early if number <= seq):
            self._answer_askers(self._early.pop(early))
        if following := self._early.pop(seq + 1, None):
            self._advance(following)

    def first_early(self) -> int:
        """The seq of the earliest event that waits."""
        return min(self._early)

    def arrive(self, watcher: Watcher) -> None:
        """Keeps what comes for a watcher who is reading the present; one who is here already arrives anew."""
        if watcher in self.watchers:
            self._coalescer.flush()  # the batch so far is for this watcher, too
            self.watchers.discard(watcher)
        self.arriving[watcher] = []

    def settle(self, watcher: Watcher, seq: int, missed: Sequence[Publication] = ()) -> None:
        """Ends the arrival of a watcher who has read everything up to `seq`; `missed` lie between that and `begin`."""
        held = self.arriving.pop(watcher, None)
        if held is None:  # left while reading
            return
        self._coalescer.flush()  # it is held, too: the watcher would hear it twice
        self.watchers.add(watcher)
        batch = Batch()
        for publication in (*missed, *held):
            if publication.seq is None or publication.seq > seq:
                _put(batch, publication)
        if batch:
            watcher.hear(batch)

    def part(self, watcher: Watcher) -> None:
        """Forgets a watcher; what they asked for stays awaited."""
        self.watchers.discard(watcher)
        self.arriving.pop(watcher, None)

    def forget_requests(self, watcher: Watcher) -> None:
        """Nobody awaits the results of what this watcher asked for."""
        self.askers = {key: asker for key, asker in self.askers.items() if key[0] is not watcher}

    def flush(self) -> None:
        """Sends the batch now."""
        self._coalescer.flush()

    def close(self) -> None:
        """Nobody is here any more."""
        self._coalescer.stop()

    def _advance(self, publication: Publication) -> None:
        following: Publication | None = publication
        while following is not None and following.seq is not None:
            self.top = following.seq
            self._pass_on(following)
            if following.result:
                self._pass_result_on(following)
            following = self._early.pop(self.top + 1, None)

    def _pass_on(self, publication: Publication) -> None:
        counters.published(publication.type)
        if publication.seq is not None and not self._batch.has_events:
            self._told = publication.seq - 1
        _put(self._batch, publication)
        for held in self.arriving.values():
            if publication.key is None or len(held) < HELD_NEWS:
                held.append(publication)
        if len(self._batch) >= BATCH_MESSAGES:
            self._coalescer.flush()
        else:
            self._coalescer.schedule()

    def _pass_result_on(self, event: Publication) -> None:
        result = Publication(
            rooms=event.rooms, type="control_result", text=event.result, published_at=event.published_at
        )
        askers = {watcher for watcher, request in self.askers if request == event.request}
        if askers:
            self._coalescer.flush()  # the event comes before its result
            self._pass_on_to_others(result, askers)
        else:
            self._pass_on(result)
        self._answer_askers(event)

    def _answer_askers(self, event: Publication) -> None:
        for key in [key for key in self.askers if event.result and key[1] == event.request]:
            self.askers.pop(key).answer(event.result)

    def _pass_on_to_others(self, result: Publication, askers: set[Watcher]) -> None:
        counters.published(result.type)
        batch = Batch()
        _put(batch, result)
        for watcher in self.watchers - askers:
            watcher.hear(batch)
        for watcher in self.arriving.keys() - askers:
            self.arriving[watcher].append(result)

    def _flush(self) -> int:
        batch, self._batch = self._batch, Batch()
        if batch:
            counters.merged(batch.merged)
            for watcher in self.watchers:
                watcher.hear(batch)
        return len(batch)


def _put(batch: Batch, publication: Publication) -> None:
    batch.add_published(
        Entry((publication.text,), publication.key), publication.published_at, is_event=publication.seq is not None
    )
