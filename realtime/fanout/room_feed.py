"""The watchers of one room in this process, and the order in which they get its messages.

Events of a workflow reach its watchers in seq order: one that comes too early waits for its predecessors, one that has
come already is dropped. Progress never goes back: processes that work on one workflow at the same time send theirs
without waiting for each other. What comes is added to one batch for all watchers, joined once: see coalescer.py. A watcher
that is still joining (reading a snapshot) gets afterwards what came meanwhile.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from realtime.config import Config
from realtime.fanout.coalescer import Clock, Coalescer
from realtime.fanout.publication import Publication, not_before
from realtime.metrics import counters
from realtime.rooms import Room
from realtime.wire.batch import Batch, Entry

EARLY_EVENTS: Final = 1000  # that wait for their predecessors; the database has the rest
HELD_UPDATES: Final = 1000  # progress and the like that are kept for one watcher while it is joining
# A frame to each costs some ten microseconds: writing takes a fourth of the time at most, until the pause is the longest.
PAUSE_SECONDS_PER_WATCHER: Final = 40e-6
BATCH_MESSAGES: Final = 500  # then it is sent, whatever the time: half of what may wait for a client


class Watcher(Protocol):
    """What gets the messages of a room: a client, a long poll, a request that awaits its result."""

    def receive(self, batch: Batch) -> None:
        """Takes a batch, which all watchers share and nobody changes. Quick, and never raises."""


class RoomFeed:
    """One room of this process."""

    def __init__(self, room: Room, config: Config, clock: Clock) -> None:
        self.room = room
        self.watchers: set[Watcher] = set()
        self.joining: dict[Watcher, list[Publication]] = {}  # with what came since they joined
        self.last_seq: int | None = None  # of the last event that was passed on; None: where the room is, is not known
        self.first_seq = 0  # where the room started; what came before that was never passed on
        self.fraction = 0.0  # the largest progress that was passed on, or read by a watcher
        self._seq_before_batch: int | None = None
        self._early: dict[int, Publication] = {}
        self._batch = Batch()
        self._pauses = config.coalesce_seconds, config.coalesce_busy_seconds
        self._coalescer = Coalescer(clock, self._flush, least=self._pauses[0], most=self._pauses[1])

    def is_empty(self) -> bool:
        """Whether no watcher is left."""
        return not (self.watchers or self.joining)

    def has(self, watcher: Watcher) -> bool:
        """Whether it watches the room, or is about to."""
        return watcher in self.watchers or watcher in self.joining

    def is_missing_events(self) -> bool:
        """Whether an event waits for one that has not come."""
        return self.last_seq is not None and bool(self._early)

    def last_sent_seq(self) -> int | None:
        """The seq of the last event that was sent to the watchers; what is in the batch is yet to be sent."""
        return self._seq_before_batch if self._batch.has_events else self.last_seq

    def first_early(self) -> int:
        """The seq of the earliest event that waits."""
        return min(self._early)

    # --- publications -----------------------------------------------------------------------------

    def receive(self, publication: Publication) -> None:
        """Passes a publication on, at once or when its turn comes."""
        if publication.seq is None:
            self._pass_on(publication)
        elif self.last_seq is None or publication.seq > self.last_seq + 1:
            if len(self._early) < EARLY_EVENTS:
                self._early[publication.seq] = publication
        elif publication.seq == self.last_seq + 1:
            self._advance(publication)

    def start_at(self, seq: int) -> None:
        """Passes on the events after `seq` from now on. To begin with, or past events that cannot be found anywhere."""
        if self.last_seq is None:
            self.first_seq = seq
        self.last_seq = seq
        self._early = {number: event for number, event in self._early.items() if number > seq}
        if following := self._early.pop(seq + 1, None):
            self._advance(following)

    def flush(self) -> None:
        """Sends the batch now."""
        self._coalescer.flush()

    def close(self) -> None:
        """Sends nothing any more."""
        self._coalescer.stop()

    # --- watchers ---------------------------------------------------------------------------------

    def join(self, watcher: Watcher) -> None:
        """Keeps what comes for a watcher until `activate`; one that is active already joins anew."""
        if watcher in self.watchers:
            self.flush()  # the batch so far is for this watcher, too
            self.watchers.discard(watcher)
        self.joining[watcher] = []

    def activate(self, watcher: Watcher, seq: int, missed: Sequence[Publication] = ()) -> None:
        """Sends a watcher that knows everything up to `seq` what came since, and from now on what comes.

        `missed` are the events between `seq` and `first_seq`. Does nothing for one that has left meanwhile.
        """
        held = self.joining.pop(watcher, None)
        if held is None:
            return
        self.flush()  # it is among what was held: the watcher would get it twice
        self.watchers.add(watcher)
        batch = Batch()
        for publication in (*_with_results(missed), *held):
            if publication.seq is None or publication.seq > seq:
                _put(batch, not_before(publication, self.fraction))
        if batch:
            watcher.receive(batch)

    def leave(self, watcher: Watcher) -> None:
        """Forgets a watcher."""
        self.watchers.discard(watcher)
        self.joining.pop(watcher, None)

    def _advance(self, event: Publication) -> None:
        following: Publication | None = event
        while following is not None and following.seq is not None:
            self.last_seq = following.seq
            for publication in _with_results([following]):
                self._pass_on(publication)
            following = self._early.pop(self.last_seq + 1, None)

    def _pass_on(self, publication: Publication) -> None:
        counters.published(publication.type)
        publication = not_before(publication, self.fraction)
        self.fraction = publication.fraction or self.fraction
        if publication.seq is not None and not self._batch.has_events:
            self._seq_before_batch = publication.seq - 1
        _put(self._batch, publication)
        for held in self.joining.values():
            if publication.key is None or len(held) < HELD_UPDATES:
                held.append(publication)
        if len(self._batch) >= BATCH_MESSAGES:
            self.flush()
        else:
            self._coalescer.schedule()

    def _flush(self) -> int:
        batch, self._batch = self._batch, Batch()
        if batch:
            counters.merged(batch.merged)
            for watcher in tuple(self.watchers):  # one may leave when it gets what it waited for
                watcher.receive(batch)
        least, most = self._pauses
        self._coalescer.least = min(most, max(least, len(self.watchers) * PAUSE_SECONDS_PER_WATCHER))
        return len(batch)


def _with_results(events: Iterable[Publication]) -> Iterable[Publication]:
    """Each event, and after a control_resolved its control_result."""
    for event in events:
        yield event
        if event.result:
            yield Publication(
                rooms=event.rooms,
                type="control_result",
                text=event.result,
                published_at=event.published_at,
                request=event.request,
            )


def _put(batch: Batch, publication: Publication) -> None:
    entry = Entry((publication.text,), publication.key)
    batch.add_published(entry, publication.published_at, is_event=publication.seq is not None)
    if publication.type == "control_result":
        batch.results[publication.request] = publication.text
