"""Messages that are sent together: in order, joined once for everyone who gets them, merged where only the newest counts."""

import itertools
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

FRAME_CHARACTERS: Final = 256 * 1024  # batches stay below the 1 MiB that many clients allow
NOT_MERGED: Final = '"merged":0}'


class Entry(NamedTuple):
    """Messages that stay together, as JSON text.

    With `key` only the newest entry of that key counts; `merged` says how many older ones it has replaced.
    """

    texts: tuple[str, ...]
    key: str | None = None
    merged: int = 0


class Batch:
    """Entries in the order in which they came; one that replaces an older one of its key stands at the end.

    So only messages that may be merged are ever skipped, and no other one changes its position. Only who made a batch
    adds to it, and not after it was handed on: all watchers of a room get the same one.
    """

    def __init__(self) -> None:
        self.characters = 0
        self.merged = 0  # how many were replaced in here
        self.oldest: float | None = None  # when the first one was published (Unix time); None: all are answers
        self.has_events = False
        self.results: dict[str, str] = {}  # the control_results in here, by request
        self._entries: dict[str | int, Entry] = {}
        self._last_slot = 0  # of the entries without a key

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry) -> None:
        """Adds an entry at the end."""
        slot: str | int
        if entry.key is None:
            slot = self._last_slot = self._last_slot + 1
        else:
            slot = entry.key
            if older := self._entries.pop(slot, None):
                entry = self._merge(older, entry)
        self._entries[slot] = entry
        self.characters += sum(map(len, entry.texts))

    def add_published(self, entry: Entry, published_at: float, *, is_event: bool) -> None:
        """Adds a message of a room at the end. `published_at` is Unix time."""
        self.add(entry)
        self.has_events = self.has_events or is_event
        if self.oldest is None or published_at < self.oldest:
            self.oldest = published_at

    def add_all(self, batch: "Batch") -> None:
        """Adds everything of another batch at the end; that one stays as it is."""
        for entry in batch._entries.values():  # noqa: SLF001 - of the same class
            self.add(entry)
        self.has_events = self.has_events or batch.has_events
        if batch.oldest is not None:
            self.oldest = batch.oldest if self.oldest is None else min(self.oldest, batch.oldest)

    @cached_property
    def message_count(self) -> int:
        """How many messages it holds."""
        return sum(len(entry.texts) for entry in self._entries.values())

    @cached_property
    def frames(self) -> tuple[str, ...]:
        """What is written: one message as it is, several as frames of at most FRAME_CHARACTERS. Joined only once."""
        return tuple(_frames(itertools.chain.from_iterable(map(_with_count, self._entries.values()))))

    def _merge(self, older: Entry, newer: Entry) -> Entry:
        self.characters -= sum(map(len, older.texts))
        if older.texts == newer.texts:  # the same one came twice, to a client that is in two rooms
            return older
        self.merged += 1
        return Entry(newer.texts, newer.key, older.merged + newer.merged + 1)


def _frames(texts: Iterable[str]) -> Iterator[str]:
    joined: list[str] = []
    size = 0
    for text in texts:
        if joined and size + len(text) > FRAME_CHARACTERS:
            yield _frame(joined)
            joined, size = [], 0
        joined.append(text)
        size += len(text)
    if joined:
        yield _frame(joined)


def _frame(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f'{{"type":"batch","messages":[{",".join(texts)}]}}'


def _with_count(entry: Entry) -> tuple[str, ...]:
    # `merged` is the last field of every message that may be merged.
    if not entry.merged:
        return entry.texts
    return tuple(f'{text.removesuffix(NOT_MERGED)}"merged":{entry.merged}}}' for text in entry.texts)
