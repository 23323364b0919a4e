"""How many watch each workflow, in all processes together: each process tells the others how many it has.

A process that dies says nothing any more, and after a while it counts for nothing.
"""

import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
from msgspec import Struct

from realtime import parcels
from realtime.client import Client
from realtime.gathering import Gathering
from realtime.hub import Hub
from realtime.rooms import Room, workflow_room

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
        self._here: Counts = {}  # as the others know it
        self._elsewhere: dict[str, Counts] = {}  # by process
        self._heard_at: dict[str, float] = {}  # monotonic
        self._totals: Counts = {}
        self._changed: set[str] = set()
        self._gathering = Gathering(hub.loop.call_later, self._send_out, least=TELL_SECONDS, most=TELL_BUSY_SECONDS)
        hub.on_coming_and_going = self._note
        hub.listeners["watchers"] = self._hear

    def watchers(self, workflow_id: str) -> int:
        """How many clients watch this workflow. From any thread."""
        return self._totals.get(workflow_id, 0)

    def renew(self) -> None:
        """Tells everything again, for whoever came later or missed something; forgets who is silent."""
        self._tell_counts(self._here, is_whole=True)
        latest = time.monotonic() - SILENT_HEARTBEATS * self._hub.numbers.heartbeat_seconds
        for process in [process for process, heard_at in self._heard_at.items() if heard_at < latest]:
            del self._heard_at[process]
            self._count_again(self._elsewhere.pop(process, {}))

    def stop(self) -> None:
        """Nobody watches here any more."""
        self._gathering.stop()
        self._tell_counts({}, is_whole=True)

    def _note(self, room: Room) -> None:
        if room.target == "workflow":
            self._count_again([room.id])

    def _hear(self, message: Json) -> None:
        told = msgspec.convert(
            {name: message.get(name) for name in ("type", *Attendance.__struct_fields__)}, Attendance
        )
        known = self._elsewhere.setdefault(told.process, {})
        self._heard_at[told.process] = time.monotonic()
        gone = [workflow_id for workflow_id in known if told.is_whole and workflow_id not in told.counts]
        known.update(told.counts, **dict.fromkeys(gone, 0))
        for workflow_id in [workflow_id for workflow_id, count in known.items() if count <= 0]:
            del known[workflow_id]
        self._count_again([*told.counts, *gone])

    def _count_again(self, workflow_ids: "list[str] | Counts") -> None:
        self._changed.update(workflow_ids)
        if self._changed:
            self._gathering.something_came()

    def _send_out(self) -> int:
        changed, self._changed = self._changed, set()
        counted = {workflow_id: self._count(workflow_id) for workflow_id in changed}
        news = {workflow_id: count for workflow_id, count in counted.items() if count != self._here.get(workflow_id, 0)}
        if news:
            _update(self._here, news)
            self._tell_counts(news)
        for workflow_id in changed:
            self._show_total(workflow_id)
        return len(changed)

    def _count(self, workflow_id: str) -> int:
        return sum(isinstance(watcher, Client) for watcher in self._hub.clients(workflow_room(workflow_id)))

    def _show_total(self, workflow_id: str) -> None:
        elsewhere = sum(counts.get(workflow_id, 0) for counts in self._elsewhere.values())
        total = self._here.get(workflow_id, 0) + elsewhere
        if total != self.watchers(workflow_id):
            _update(self._totals, {workflow_id: total})
            self._hub.hear(parcels.watchers_parcel(workflow_id, total))

    def _tell_counts(self, counts: Counts, *, is_whole: bool = False) -> None:
        told = Attendance(process=self._hub.channel, counts=dict(counts), is_whole=is_whole)
        self._tell(msgspec.to_builtins(told))


def _update(counts: Counts, news: Counts) -> None:
    """Nobody is not worth a line."""
    for workflow_id, count in news.items():
        if count:
            counts[workflow_id] = count
        else:
            counts.pop(workflow_id, None)
