"""How many watch each workflow, in all processes together: each process tells the others how many it has.

A process that dies says nothing any more, and after a while it counts for nothing.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
from msgspec import Struct

from realtime.connection.client import Client
from realtime.fanout.coalescer import Coalescer
from realtime.fanout.hub import Hub
from realtime.fanout.publication import watchers_publication
from realtime.rooms import Room

TELL_SECONDS: Final = 0.1  # at most so often while people come and go
TELL_BUSY_SECONDS: Final = 1.0  # and while many do
SILENT_HEARTBEATS: Final = 3  # then a process counts for nothing

Json = dict[str, Any]
Counts = dict[str, int]


class Attendance(Struct, tag_field="type", tag="watchers"):
    """What a process tells: how many clients watch these workflows there; `is_whole`: and no others."""

    process: str
    counts: Counts
    is_whole: bool = False


class Presence:
    """The numbers of watchers. `tell` brings a message to every other process."""

    def __init__(self, hub: Hub, tell: Callable[[Json], None]) -> None:
        self._hub = hub
        self._tell = tell
        self._here: Counts = {}
        self._elsewhere: dict[str, Counts] = {}  # by process
        self._heard_at: dict[str, float] = {}  # monotonic
        self._totals: Counts = {}
        self._untold: set[str] = set()  # what other processes do not know yet
        self._changed: set[str] = set()  # what watchers do not know yet
        self._coalescer = Coalescer(hub.loop, self._flush, least=TELL_SECONDS, most=TELL_BUSY_SECONDS)
        hub.on_watchers_changed = self._note
        hub.bridge.listeners["watchers"] = self._hear

    def watchers(self, workflow_id: str) -> int:
        """How many clients watch this workflow. From any thread."""
        return self._totals.get(workflow_id, 0)

    def renew(self) -> None:
        """Tells everything again, for whoever came later or missed something; forgets who is silent."""
        self._tell_counts(self._here, is_whole=True)
        latest = time.monotonic() - SILENT_HEARTBEATS * self._hub.config.heartbeat_seconds
        for process in [process for process, heard_at in self._heard_at.items() if heard_at < latest]:
            del self._heard_at[process]
            self._add_up(self._elsewhere.pop(process, {}))

    def stop(self) -> None:
        """Nobody watches here any more."""
        self._coalescer.stop()
        self._tell_counts({}, is_whole=True)

    def _note(self, room: Room) -> None:
        if room.target != "workflow":
            return
        count = sum(isinstance(watcher, Client) for watcher in self._hub.watchers(room))
        if count != self._here.get(room.id, 0):
            _set(self._here, room.id, count)
            self._untold.add(room.id)
            self._add_up([room.id])

    def _hear(self, message: Json) -> None:
        told = msgspec.convert(
            {name: message.get(name) for name in ("type", *Attendance.__struct_fields__)}, Attendance
        )
        known = self._elsewhere.setdefault(told.process, {})
        self._heard_at[told.process] = time.monotonic()
        gone = dict.fromkeys(known.keys() - told.counts.keys(), 0) if told.is_whole else {}
        news = {id_: count for id_, count in {**gone, **told.counts}.items() if count != known.get(id_, 0)}
        for workflow_id, count in news.items():
            _set(known, workflow_id, count)
        self._add_up(news)

    def _add_up(self, workflow_ids: Iterable[str]) -> None:
        for workflow_id in workflow_ids:
            elsewhere = sum(counts.get(workflow_id, 0) for counts in self._elsewhere.values())
            _set(self._totals, workflow_id, self._here.get(workflow_id, 0) + elsewhere)
            self._changed.add(workflow_id)
            self._coalescer.schedule()

    def _flush(self) -> int:
        untold, self._untold = self._untold, set()
        if untold:
            self._tell_counts({workflow_id: self._here.get(workflow_id, 0) for workflow_id in untold})
        changed, self._changed = self._changed, set()
        for workflow_id in changed:
            self._hub.receive(watchers_publication(workflow_id, self.watchers(workflow_id)))
        return len(changed)

    def _tell_counts(self, counts: Counts, *, is_whole: bool = False) -> None:
        told = Attendance(process=self._hub.bridge.channel, counts=dict(counts), is_whole=is_whole)
        self._tell(msgspec.to_builtins(told))


def _set(counts: Counts, workflow_id: str, count: int) -> None:
    """Nobody is not worth a line."""
    if count > 0:
        counts[workflow_id] = count
    else:
        counts.pop(workflow_id, None)
