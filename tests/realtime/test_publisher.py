"""The way of a publication, from whatever thread, to the hub of this process and to the channel layer."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any, cast

import pytest
from channels.layers import BaseChannelLayer, InMemoryChannelLayer

from realtime.config import read_config
from realtime.fanout.coalescer import BUSY_COUNT
from realtime.fanout.publication import Publication, from_layer
from realtime.fanout.publisher import (
    INBOX_PUBLICATIONS,
    LAYER_PUBLICATIONS,
    POLL_SECONDS,
    TURN_PUBLICATIONS,
    Publisher,
)
from realtime.metrics import counters
from realtime.rooms import EVERYONE
from tests.realtime.fake_timers import FakeTimer, FakeTimers
from tests.waiting import until

Json = dict[str, Any]

ROOM, GROUP = "workflow:w", "callboard.workflow.w"
TAKES_NONE, TAKES_AGAIN = "takes no messages", "takes messages again"


class FakeLoop(FakeTimers):
    """An event loop whose turns the test makes; counts how often another thread wakes it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0
        self.wakes = 0

    def call_soon(self, callback: Callable[[], Any]) -> FakeTimer:
        """As an event loop's."""
        return self.call_later(0, callback)

    def call_soon_threadsafe(self, callback: Callable[[], Any]) -> FakeTimer:
        """As an event loop's."""
        self.wakes += 1
        return self.call_later(0, callback)

    def turn(self) -> None:
        """Makes one turn: what is due now, but not what that schedules."""
        for timer in [timer for timer in self._timers if not timer.is_over and timer.at <= self.now]:
            timer.is_over = True
            timer.ring()


class RealTasks(FakeLoop):
    """One whose tasks run in the real loop."""

    def create_task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """As an event loop's."""
        return asyncio.create_task(work)


class SampleLayer(BaseChannelLayer):  # type: ignore[misc]
    """A layer between processes: keeps what is sent; waits, or fails, when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, Json]] = []
        self.failures: list[Exception] = []
        self.is_free = asyncio.Event()
        self.is_free.set()
        self.is_sending = 0
        self.most_at_once = 0

    async def group_send(self, group: str, message: Json) -> None:
        """Keeps it."""
        self.is_sending += 1
        self.most_at_once = max(self.most_at_once, self.is_sending)
        try:
            await self.is_free.wait()
            if self.failures:
                raise self.failures.pop(0)
            self.sent.append((group, message))
        finally:
            self.is_sending -= 1

    def texts(self) -> list[list[str]]:
        """The texts of the publications in each message."""
        return [[one.text for one in from_layer(message["publications"])] for _, message in self.sent]


def publication(number: int, *rooms: str) -> Publication:
    return Publication(rooms=rooms or (ROOM,), type="event", text=str(number))


class Local:
    """A publisher without a layer, on a fake loop."""

    def __init__(self) -> None:
        self.loop = FakeLoop()
        self.delivered: list[int] = []
        loop = cast("asyncio.AbstractEventLoop", self.loop)
        self.publisher = Publisher(loop, None, lambda one: self.delivered.append(int(one.text)))

    def publish(self, *numbers: int) -> None:
        """Publishes so many."""
        for number in numbers:
            self.publisher.publish(publication(number))


@pytest.fixture
def local() -> Local:
    return Local()


@pytest.fixture
def layer() -> SampleLayer:
    return SampleLayer()


@pytest.fixture
async def publisher(layer: SampleLayer) -> Publisher:
    """A publisher to that layer; `here` is the channel of this process."""
    return Publisher(asyncio.get_running_loop(), layer, sender=lambda: "here")


# --- to the hub -----------------------------------------------------------------------------------


def test_while_little_comes_each_publication_is_delivered_in_the_next_turn(local: Local) -> None:
    for number in range(3):
        local.publish(number)
        assert local.loop.wakes == number + 1
        local.loop.turn()
        assert local.delivered == list(range(number + 1))
        assert local.loop.is_quiet()
        local.loop.pass_time(1)


def test_what_comes_in_one_turn_wakes_the_loop_once_and_keeps_its_order(local: Local) -> None:
    local.publish(*range(5))
    assert local.loop.wakes == 1
    local.loop.turn()
    assert local.delivered == [0, 1, 2, 3, 4]


def test_while_much_comes_the_loop_polls_instead_of_being_woken(local: Local) -> None:
    local.publish(1)
    local.loop.turn()
    local.publish(2)
    local.loop.turn()  # in the same moment: much comes
    wakes = local.loop.wakes
    local.publish(3)
    assert local.loop.wakes == wakes
    local.loop.turn()
    assert local.delivered == [1, 2]
    local.loop.pass_time(POLL_SECONDS)
    assert local.delivered == [1, 2, 3]


def test_when_less_comes_the_loop_polls_no_more_and_is_woken_again(local: Local) -> None:
    local.publish(1)
    local.loop.turn()
    local.publish(2)
    local.loop.turn()
    local.loop.pass_time(1)
    assert local.loop.is_quiet()
    wakes = local.loop.wakes
    local.publish(3)
    assert local.loop.wakes == wakes + 1
    local.loop.turn()
    assert local.delivered == [1, 2, 3]


def test_the_hub_gets_so_many_in_one_turn_and_the_rest_in_the_next_ones(local: Local) -> None:
    local.publish(*range(2 * TURN_PUBLICATIONS + 1))
    local.loop.turn()
    assert len(local.delivered) == TURN_PUBLICATIONS
    local.publish(7)
    assert local.loop.wakes == 1  # a turn follows anyway
    local.loop.turn()
    assert len(local.delivered) == 2 * TURN_PUBLICATIONS
    local.loop.turn()
    assert local.delivered == [*range(2 * TURN_PUBLICATIONS + 1), 7]


async def test_of_more_than_the_inbox_holds_the_oldest_are_dropped(local: Local) -> None:
    local.publish(*range(INBOX_PUBLICATIONS + 3))
    await local.publisher.flush()
    assert local.delivered == list(range(3, INBOX_PUBLICATIONS + 3))


def test_a_message_for_other_processes_is_not_delivered_here(local: Local) -> None:
    local.publisher.publish({"type": "login.ended", "login": "laptop"})
    local.publish(1)
    local.loop.turn()
    assert local.delivered == [1]


def test_publishing_to_a_closed_loop_raises_nothing() -> None:
    loop = asyncio.new_event_loop()
    publisher = Publisher(loop, None)
    loop.close()
    publisher.publish(publication(1))
    publisher.publish(publication(2))


# --- to the layer ---------------------------------------------------------------------------------


async def test_each_group_gets_its_publications_together_and_in_order(publisher: Publisher, layer: SampleLayer) -> None:
    for number, room in enumerate(["workflow:w", "workflow:x", "workflow:w"]):
        publisher.publish(publication(number, room))
    await publisher.flush()
    assert [group for group, _ in layer.sent] == ["callboard.workflow.w", "callboard.workflow.x"]
    assert layer.texts() == [["0", "2"], ["1"]]
    assert {(message["type"], message["sender"]) for _, message in layer.sent} == {("publications", "here")}


async def test_rooms_that_share_a_group_get_a_publication_once(publisher: Publisher, layer: SampleLayer) -> None:
    publisher.publish(publication(1, "agent:clerk", "agent:*"))
    publisher.publish(publication(2, "workflow:w", "workflow:x"))
    await publisher.flush()
    assert [group for group, _ in layer.sent] == ["callboard.agent", "callboard.workflow.w", "callboard.workflow.x"]
    assert layer.texts() == [["1"], ["2"], ["2"]]


async def test_a_message_for_every_process_names_its_sender(publisher: Publisher, layer: SampleLayer) -> None:
    publisher.publish({"type": "login.ended", "login": "laptop"})
    await publisher.flush()
    assert layer.sent == [(EVERYONE, {"type": "login.ended", "login": "laptop", "sender": "here"})]


async def test_what_is_published_is_sent_without_a_flush_by_hand(publisher: Publisher, layer: SampleLayer) -> None:
    publisher.publish(publication(1))
    await until(lambda: bool(layer.sent))
    assert layer.texts() == [["1"]]


async def test_one_layer_message_holds_so_many_publications(publisher: Publisher, layer: SampleLayer) -> None:
    for number in range(LAYER_PUBLICATIONS + 1):
        publisher.publish(publication(number))
    await publisher.flush()
    assert [len(texts) for texts in layer.texts()] == [LAYER_PUBLICATIONS, 1]


async def test_what_comes_while_the_layer_is_busy_is_sent_afterwards_in_order(
    publisher: Publisher, layer: SampleLayer
) -> None:
    layer.is_free.clear()
    publisher.publish(publication(1))
    flushes = [asyncio.create_task(publisher.flush())]
    await asyncio.sleep(0)
    for number in (2, 3):
        publisher.publish(publication(number))
        flushes.append(asyncio.create_task(publisher.flush()))
        await asyncio.sleep(0)
    assert not any(flush.done() for flush in flushes)
    layer.is_free.set()
    await asyncio.gather(*flushes)
    assert layer.texts() == [["1"], ["2", "3"]]
    assert layer.most_at_once == 1


async def test_while_much_comes_the_layer_coalesces_for_twice_as_long_and_no_longer(layer: SampleLayer) -> None:
    loop, sent_at = RealTasks(), list[float]()
    publisher = Publisher(cast("asyncio.AbstractEventLoop", loop), layer)
    for _ in range(200):
        before = len(layer.sent)
        for number in range(BUSY_COUNT):
            publisher.publish(publication(number))
        loop.pass_time(0.001)
        await asyncio.sleep(0)  # a send that has begun ends
        if len(layer.sent) > before:
            sent_at.append(loop.now)
    pauses = [later - earlier for earlier, later in pairwise(sent_at)]
    assert len(pauses) > 5
    assert pauses == pytest.approx([2 * read_config().coalesce_seconds] * len(pauses), abs=0.002)


async def test_a_flush_of_nothing_ends(publisher: Publisher, layer: SampleLayer) -> None:
    await publisher.flush()
    assert layer.sent == []


@pytest.mark.parametrize("layer_of", [InMemoryChannelLayer, lambda: None], ids=["in memory", "none"])
async def test_a_layer_within_this_process_gets_nothing(
    layer_of: Callable[[], InMemoryChannelLayer | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    async def group_send(_: InMemoryChannelLayer, group: str, message: Json) -> None:
        sent.append(group)

    monkeypatch.setattr(InMemoryChannelLayer, "group_send", group_send)
    delivered: list[Publication] = []
    publisher = Publisher(asyncio.get_running_loop(), layer_of(), delivered.append)
    publisher.publish(publication(1))
    await publisher.flush()
    assert (len(delivered), sent) == (1, [])


async def test_a_layer_that_fails_is_counted_and_logged_once_and_once_when_it_is_back(
    publisher: Publisher, layer: SampleLayer, caplog: pytest.LogCaptureFixture
) -> None:
    failures = counters.layer_failures
    for number, is_gone in enumerate([False, True, True, False, False]):
        layer.failures = [ConnectionError("gone")] if is_gone else []
        publisher.publish(publication(number))
        await publisher.flush()
    assert counters.layer_failures - failures == 2
    assert layer.texts() == [["0"], ["3"], ["4"]]
    logged = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert [TAKES_NONE in text for text in logged] == [True, False]
    assert [TAKES_AGAIN in text for text in logged] == [False, True]


async def test_a_layer_that_hangs_is_given_up_and_the_next_message_is_sent(
    publisher: Publisher, layer: SampleLayer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("realtime.fanout.publisher.LAYER_SECONDS", 0.01)
    layer.is_free.clear()
    publisher.publish(publication(1))
    await publisher.flush()
    assert TAKES_NONE in caplog.text
    layer.is_free.set()
    publisher.publish(publication(2))
    await publisher.flush()
    assert layer.texts() == [["2"]]
