"""How many clients watch each workflow, in all processes together: each process reports to the others how many it has.

A process that died reports nothing; after a few heartbeats without a report it counts as having none.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
from msgspec import Struct

from realtime.fanout.coalescer import Coalescer
from realtime.fanout.hub import Hub
from realtime.fanout.publication import watchers_publication
from realtime.rooms import Room

REPORT_SECONDS: Final = 0.1  # between two reports, while clients come and go
REPORT_BUSY_SECONDS: Final = 1.0  # and while many do
TOLD_PER_CHANGE: Final = 10  # to tell so many clients of a change is as much work as one change more
SILENT_HEARTBEATS: Final = 3  # without a report: then a process counts as having none

Json = dict[str, Any]
Counts = dict[str, int]  # of clients, by workflow id; a workflow without any is left out


class PresenceReport(Struct, tag_field="type", tag="watchers"):
    """How many clients watch these workflows in a process, and how many it has; `is_whole`: and no others are watched there."""

    process: str
    counts: Counts
    is_whole: bool = False
    clients: int = 0


class Presence:
    """The numbers of watchers. `report` takes a message to every other process."""

    def __init__(self, hub: Hub, report: Callable[[Json], None]) -> None:
        self._hub = hub
        self._report = report
        self._here: Counts = {}
        self._elsewhere: dict[str, Counts] = {}  # by process
        self._reported_at: dict[str, float] = {}  # by process, monotonic
        self._clients: Counts = {}  # by process
        self._totals: Counts = {}
        self._unreported: set[str] = set()  # workflows whose count here other processes do not know yet
        self._unpublished: set[str] = set()  # workflows whose total the watchers do not know yet
        self._coalescer = Coalescer(hub.loop, self._flush, least=REPORT_SECONDS, most=REPORT_BUSY_SECONDS)
        hub.on_watchers_changed = self._count
        hub.bridge.listeners["watchers"] = self._receive

    def watchers(self, workflow_id: str) -> int:
        """How many clients watch this workflow. From any thread."""
        return self._totals.get(workflow_id, 0)

    def clients_elsewhere(self) -> Counts:
        """How many clients each other process has, as it said last."""
        return dict(self._clients)

    def renew(self) -> None:
        """Reports everything again, for processes that started later or missed a report; forgets the silent ones."""
        self._report_counts(self._here, is_whole=True)
        latest = time.monotonic() - SILENT_HEARTBEATS * self._hub.config.heartbeat_seconds
        for process in [process for process, reported_at in self._reported_at.items() if reported_at < latest]:
            del self._reported_at[process]
            self._clients.pop(process, None)
            self._add_up(self._elsewhere.pop(process, {}))

    def stop(self) -> None:
        """Reports that no client is here any more."""
        self._coalescer.stop()
        self._report_counts({}, is_whole=True)

    def _count(self, room: Room) -> None:
        if room.target != "workflow":
            return
        count = self._hub.clients_in(room)
        if count != self._here.get(room.id, 0):
            _set(self._here, room.id, count)
            self._unreported.add(room.id)
            self._add_up([room.id])

    def _receive(self, message: Json) -> None:
        fields = {name: message[name] for name in ("type", *PresenceReport.__struct_fields__) if name in message}
        report = msgspec.convert(fields, PresenceReport)
        self._clients[report.process] = report.clients
        known = self._elsewhere.setdefault(report.process, {})
        self._reported_at[report.process] = time.monotonic()
        gone = dict.fromkeys(known.keys() - report.counts.keys(), 0) if report.is_whole else {}
        changes = {id_: count for id_, count in {**gone, **report.counts}.items() if count != known.get(id_, 0)}
        for workflow_id, count in changes.items():
            _set(known, workflow_id, count)
        self._add_up(changes)

    def _add_up(self, workflow_ids: Iterable[str]) -> None:
        for workflow_id in workflow_ids:
            elsewhere = sum(counts.get(workflow_id, 0) for counts in self._elsewhere.values())
            _set(self._totals, workflow_id, self._here.get(workflow_id, 0) + elsewhere)
            self._unpublished.add(workflow_id)
            self._coalescer.schedule()

    def _flush(self) -> int:
        unreported, self._unreported = self._unreported, set()
        if unreported:
            self._report_counts({workflow_id: self._here.get(workflow_id, 0) for workflow_id in unreported})
        unpublished, self._unpublished = self._unpublished, set()
        for workflow_id in unpublished:
            self._hub.receive(watchers_publication(workflow_id, self.watchers(workflow_id)))
        told = sum(self._here.get(workflow_id, 0) for workflow_id in unpublished)
        return len(unpublished) + told // TOLD_PER_CHANGE

    def _report_counts(self, counts: Counts, *, is_whole: bool = False) -> None:
        process, clients = self._hub.bridge.channel, len(self._hub.connected)
        report = PresenceReport(process=process, counts=dict(counts), is_whole=is_whole, clients=clients)
        self._report(msgspec.to_builtins(report))


def _set(counts: Counts, workflow_id: str, count: int) -> None:
    """Sets the count; 0 removes it."""
    if count > 0:
        counts[workflow_id] = count
    else:
        counts.pop(workflow_id, None)
