"""What one process counts, what it reports to the others, and what it makes of their reports."""

from collections.abc import Callable
from typing import Any

import pytest

from realtime.config import read_config
from realtime.connection.client import Client
from realtime.fanout.hub import Hub
from realtime.fanout.presence import REPORT_SECONDS, SILENT_HEARTBEATS, Presence
from realtime.rooms import COORDINATOR, workflow_room
from realtime.wire.batch import Batch
from tests.realtime.fake_timers import FakeTimers
from tests.websocket_client import messages_in

Json = dict[str, Any]

ROOM, OTHER_ROOM = workflow_room("w"), workflow_room("x")
HEARTBEAT = read_config().heartbeat_seconds


class Poll:
    """A watcher that is no client: a long poll, or a request that awaits its result."""

    def __init__(self) -> None:
        self.counts: list[tuple[str, int]] = []

    def receive(self, batch: Batch) -> None:
        """Keeps the numbers of watchers."""
        messages = [message for frame in batch.frames for message in messages_in(frame)]
        self.counts += [(one["workflow_id"], one["watchers"]) for one in messages if one["type"] == "watchers"]


class SampleProcess:
    """A hub with its presence, whose time passes when the test lets it."""

    def __init__(self) -> None:
        self.timers = FakeTimers()
        self.reports: list[Json] = []
        self.hub = Hub()
        self.hub.loop = self.timers  # type: ignore[assignment]
        self.hub.bridge.layer = None
        self.hub.bridge.channel = "here"
        self.clients: list[int] = []  # how many it has, in each report
        self.presence = Presence(self.hub, self._keep)

    def _keep(self, report: Json) -> None:
        self.clients.append(report.pop("clients"))
        self.reports.append(report)

    async def enter(self, client: Client | Poll, *rooms: Any) -> None:
        """A watcher enters these rooms."""
        for room in rooms or (ROOM,):
            await self.hub.join(client, room)
            await self.hub.activate(client, room, 0)

    def receive(self, counts: dict[str, int], *, process: str = "there", is_whole: bool = False) -> None:
        """Another process reports."""
        report = {"type": "watchers", "process": process, "counts": counts, "is_whole": is_whole, "sender": process}
        self.hub.bridge.listeners["watchers"](report)

    def watchers(self) -> tuple[int, int]:
        """Of the two rooms."""
        return self.presence.watchers("w"), self.presence.watchers("x")


@pytest.fixture
async def process() -> SampleProcess:
    return SampleProcess()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the time at which reports come."""

    class FakeTime:
        seconds = 0.0

        def monotonic(self) -> float:
            return self.seconds

    time = FakeTime()
    monkeypatch.setattr("realtime.fanout.presence.time", time)

    def now(seconds: float) -> None:
        time.seconds = seconds

    return now


def new_client() -> Client:
    async def nothing(*_: object) -> None:
        pass

    return Client(read_config(), nothing, nothing, lambda: None)


def report(counts: dict[str, int], *, is_whole: bool = False) -> Json:
    return {"type": "watchers", "process": "here", "counts": counts, "is_whole": is_whole}


async def test_clients_that_watch_a_workflow_count_and_nothing_else(process: SampleProcess) -> None:
    assert process.watchers() == (0, 0)
    await process.enter(new_client(), ROOM, COORDINATOR)
    await process.enter(new_client(), ROOM, OTHER_ROOM)
    await process.enter(Poll())
    assert process.watchers() == (2, 1)
    process.timers.turn()
    assert process.reports == [report({"w": 2, "x": 1})]


async def test_a_client_that_leaves_is_reported_and_counted_no_longer(process: SampleProcess) -> None:
    client = new_client()
    await process.enter(client)
    process.timers.pass_time(1)
    process.hub.leave_all(client)
    process.timers.pass_time(1)
    assert process.watchers() == (0, 0)
    assert process.reports == [report({"w": 1}), report({"w": 0})]
    process.presence.renew()
    assert process.reports[-1] == report({}, is_whole=True)


async def test_a_client_that_joins_anew_changes_nothing(process: SampleProcess) -> None:
    client = new_client()
    await process.enter(client)
    process.timers.pass_time(1)
    await process.enter(client)
    assert process.timers.is_quiet()
    assert process.reports == [report({"w": 1})]


async def test_while_clients_come_and_go_only_the_newest_number_is_reported(process: SampleProcess) -> None:
    await process.enter(new_client())
    process.timers.turn()
    for _ in range(3):
        await process.enter(new_client())
        process.timers.turn()
    process.timers.pass_time(REPORT_SECONDS)
    assert process.reports == [report({"w": 1}), report({"w": 4})]
    process.timers.pass_time(10)
    assert len(process.reports) == 2


async def test_a_number_that_changes_again_is_reported_within_a_tenth_of_a_second(process: SampleProcess) -> None:
    await process.enter(new_client())
    process.timers.turn()
    await process.enter(new_client())
    process.timers.pass_time(0.1)
    assert process.reports == [report({"w": 1}), report({"w": 2})]


async def test_the_watchers_of_a_room_receive_its_number_when_it_changes(process: SampleProcess) -> None:
    poll, other = Poll(), Poll()
    await process.enter(poll)
    await process.enter(other, OTHER_ROOM)
    await process.enter(new_client())
    process.timers.pass_time(1)
    process.receive({"w": 4})
    process.timers.pass_time(1)
    process.receive({"w": 4})
    process.timers.pass_time(1)
    assert poll.counts == [("w", 1), ("w", 5)]
    assert other.counts == []


async def test_what_other_processes_report_is_not_reported_again(process: SampleProcess) -> None:
    process.receive({"w": 4})
    process.timers.pass_time(1)
    assert process.reports == []


async def test_the_reports_of_other_processes_are_added_up(process: SampleProcess) -> None:
    await process.enter(new_client())
    process.receive({"w": 4, "x": 1})
    process.receive({"w": 2}, process="a third one")
    assert process.watchers() == (7, 1)
    process.receive({"w": 3})
    assert process.watchers() == (6, 1)
    process.receive({"w": 0})
    assert process.watchers() == (3, 1)


async def test_what_a_whole_report_does_not_name_has_no_watchers_there(process: SampleProcess) -> None:
    process.receive({"w": 4, "x": 1})
    process.receive({"w": 2, "x": 1}, process="a third one")
    process.receive({"x": 5}, is_whole=True)
    assert process.watchers() == (2, 6)
    process.receive({}, is_whole=True)
    assert process.watchers() == (2, 1)


async def test_a_report_that_says_the_same_again_changes_nothing(process: SampleProcess) -> None:
    process.receive({"w": 4})
    process.timers.pass_time(1)
    process.receive({"w": 4}, is_whole=True)
    assert process.timers.is_quiet()
    assert process.watchers() == (4, 0)


async def test_a_heartbeat_reports_all_that_are_here_as_a_whole(process: SampleProcess) -> None:
    await process.enter(new_client())
    process.timers.pass_time(1)
    process.presence.renew()
    assert process.reports == [report({"w": 1}), report({"w": 1}, is_whole=True)]


async def test_a_process_that_is_silent_for_some_heartbeats_is_forgotten(
    process: SampleProcess, now: Callable[[float], None]
) -> None:
    poll = Poll()
    await process.enter(poll)
    now(1000.0)
    process.receive({"w": 4})
    process.receive({"w": 2}, process="a third one")
    now(1000.0 + HEARTBEAT)
    process.receive({}, process="a third one")
    now(1000.0 + SILENT_HEARTBEATS * HEARTBEAT)
    process.presence.renew()
    assert process.watchers() == (6, 0)
    now(1000.1 + SILENT_HEARTBEATS * HEARTBEAT)
    process.presence.renew()
    assert process.watchers() == (2, 0)
    process.timers.pass_time(1)
    assert poll.counts[-1] == ("w", 2)
    process.receive({"w": 1})
    assert process.watchers() == (3, 0)


async def test_a_process_that_stops_reports_that_no_client_is_here(process: SampleProcess) -> None:
    await process.enter(new_client())
    process.presence.stop()
    process.timers.pass_time(1)
    assert process.reports == [report({}, is_whole=True)]


async def test_each_process_says_how_many_clients_it_has_until_it_is_silent(
    process: SampleProcess, now: Callable[[float], None]
) -> None:
    now(1000.0)
    process.hub.connect(new_client())
    process.presence.renew()
    assert process.clients == [1]
    listener = process.hub.bridge.listeners["watchers"]
    listener({"type": "watchers", "process": "there", "counts": {}, "clients": 7})
    listener({"type": "watchers", "process": "of an earlier version", "counts": {}})
    assert process.presence.clients_elsewhere() == {"there": 7, "of an earlier version": 0}
    now(1000.1 + SILENT_HEARTBEATS * HEARTBEAT)
    process.presence.renew()
    assert process.presence.clients_elsewhere() == {}
