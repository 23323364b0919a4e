"""The bridge to the channel layer: the groups that the process is in are those that its rooms need."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from channels.layers import InMemoryChannelLayer, channel_layers

from realtime.fanout.layer import RETRY_SECONDS, ChannelLayerBridge, reaches_others
from realtime.metrics import counters
from realtime.rooms import EVERYONE
from tests.waiting import TIMEOUT_SECONDS

GROUP = "callboard.workflow.w"


class SlowToDiscard(InMemoryChannelLayer):  # type: ignore[misc]
    """Leaves a group only when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_discarding, self.may_discard = asyncio.Event(), asyncio.Event()
        self.was_added = asyncio.Event()

    async def group_discard(self, group: str, channel: str) -> None:
        """Waits, then leaves."""
        self.is_discarding.set()
        await self.may_discard.wait()
        await super().group_discard(group, channel)
        self.was_added.clear()

    async def group_add(self, group: str, channel: str) -> None:
        """Joins."""
        await super().group_add(group, channel)
        if group == GROUP:
            self.was_added.set()


@pytest.fixture
async def layer() -> AsyncIterator[SlowToDiscard]:
    """The channel layer of this test."""
    layer = SlowToDiscard()
    previous = channel_layers.set("default", layer)
    yield layer
    channel_layers.set("default", previous)


@pytest.fixture
async def bridge(layer: SlowToDiscard) -> AsyncIterator[ChannelLayerBridge]:
    """A bridge to it."""
    bridge = ChannelLayerBridge()
    bridge.start()
    yield bridge
    await bridge.stop()


async def test_a_group_that_is_needed_again_while_it_is_left_is_joined_again(
    bridge: ChannelLayerBridge, layer: SlowToDiscard
) -> None:
    received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    bridge.listeners["news"] = received.put_nowait
    bridge.hold(GROUP)
    await bridge.join(GROUP)
    bridge.release(GROUP)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await layer.is_discarding.wait()
        bridge.hold(GROUP)
        await bridge.join(GROUP)
        layer.may_discard.set()
        await asyncio.sleep(0)  # the discard undoes the join
        await layer.was_added.wait()
        await layer.group_send(GROUP, {"type": "news", "text": "needed"})
        assert (await received.get())["text"] == "needed"


async def test_a_group_that_no_room_needs_any_more_is_left(bridge: ChannelLayerBridge, layer: SlowToDiscard) -> None:
    layer.may_discard.set()
    for _ in range(2):
        bridge.hold(GROUP)
        await bridge.join(GROUP)
    bridge.release(GROUP)
    assert bridge.channel in layer.groups[GROUP]
    bridge.release(GROUP)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await layer.is_discarding.wait()
        while GROUP in layer.groups:  # noqa: ASYNC110 - the layer announces nothing
            await asyncio.sleep(0)


@pytest.fixture
async def news(bridge: ChannelLayerBridge) -> asyncio.Queue[dict[str, Any]]:
    """What the listener to news receives."""
    received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    bridge.listeners["news"] = received.put_nowait
    await bridge.join(EVERYONE)
    return received


async def next_text(news: "asyncio.Queue[dict[str, Any]]") -> str:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        return str((await news.get())["text"])


async def test_every_process_hears_what_is_for_everyone_without_asking(
    bridge: ChannelLayerBridge, layer: SlowToDiscard
) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while EVERYONE not in layer.groups:  # noqa: ASYNC110 - the layer announces nothing
            await asyncio.sleep(0)
    assert list(layer.groups[EVERYONE]) == [bridge.channel]


async def test_what_this_process_sent_itself_is_skipped(
    bridge: ChannelLayerBridge, layer: SlowToDiscard, news: "asyncio.Queue[dict[str, Any]]"
) -> None:
    await layer.group_send(EVERYONE, {"type": "news", "text": "ours", "sender": bridge.channel})
    await layer.group_send(EVERYONE, {"type": "news", "text": "theirs", "sender": "another process"})
    await layer.group_send(EVERYONE, {"type": "news", "text": "unsigned"})
    assert [await next_text(news) for _ in range(2)] == ["theirs", "unsigned"]


@pytest.mark.parametrize("error", [KeyError("text"), AttributeError("text"), msgspec.DecodeError("text")])
async def test_a_message_that_a_listener_cannot_read_is_ignored_with_a_warning(
    bridge: ChannelLayerBridge,
    layer: SlowToDiscard,
    news: "asyncio.Queue[dict[str, Any]]",
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    def fail(_: dict[str, Any]) -> None:
        raise error

    bridge.listeners["odd"] = fail
    failures = counters.layer_failures
    await layer.group_send(EVERYONE, {"type": "odd"})
    await layer.group_send(EVERYONE, {"type": "unheard of"})
    await layer.group_send(EVERYONE, {"type": "news", "text": "next"})
    assert await next_text(news) == "next"
    assert "malformed layer message" in caplog.text
    assert "unknown type 'unheard of'" in caplog.text
    assert counters.layer_failures == failures  # it is not the layer's fault: it is not left alone for a while


async def test_a_failure_of_the_layer_is_counted_and_it_is_left_alone_for_a_while(
    bridge: ChannelLayerBridge,
    layer: SlowToDiscard,
    news: "asyncio.Queue[dict[str, Any]]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: dict[str, Any]) -> None:
        raise RuntimeError("broken")

    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted_sleep(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    bridge.listeners["breaks"] = fail
    failures = counters.layer_failures
    monkeypatch.setattr("realtime.fanout.layer.asyncio.sleep", noted_sleep)
    await layer.group_send(EVERYONE, {"type": "breaks"})
    await layer.group_send(EVERYONE, {"type": "news", "text": "next"})
    assert await next_text(news) == "next"
    assert counters.layer_failures == failures + 1
    assert pauses == [RETRY_SECONDS]


async def test_a_heartbeat_joins_the_groups_that_are_held_and_no_others(
    bridge: ChannelLayerBridge, layer: SlowToDiscard, news: "asyncio.Queue[dict[str, Any]]"
) -> None:
    layer.may_discard.set()
    for group in (GROUP, "callboard.agent", "callboard.coordinator"):
        bridge.hold(group)
    bridge.release("callboard.agent")
    layer.groups.clear()  # it has forgotten all members
    await bridge.renew()
    assert set(layer.groups) == {EVERYONE, GROUP, "callboard.coordinator"}


async def test_a_layer_that_lets_no_one_join_is_counted_and_asked_again_with_the_next_heartbeat(
    bridge: ChannelLayerBridge,
    layer: SlowToDiscard,
    news: "asyncio.Queue[dict[str, Any]]",
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: str) -> None:
        raise ConnectionError("gone")

    failures = counters.layer_failures
    bridge.hold(GROUP)
    with pytest.MonkeyPatch.context() as gone:
        gone.setattr(layer, "group_add", fail)
        await bridge.join(GROUP)
    assert counters.layer_failures == failures + 1
    assert f"did not let this process join {GROUP}" in caplog.text
    await bridge.renew()
    assert bridge.channel in layer.groups[GROUP]


async def test_a_layer_that_lets_no_one_leave_harms_nothing(bridge: ChannelLayerBridge, layer: SlowToDiscard) -> None:
    async def fail(*_: str) -> None:
        raise ConnectionError("gone")

    with pytest.MonkeyPatch.context() as gone:
        gone.setattr(layer, "group_discard", fail)
        bridge.hold(GROUP)
        await bridge.join(GROUP)
        bridge.release(GROUP)
        for _ in range(5):
            await asyncio.sleep(0)
    bridge.hold(GROUP)
    await bridge.join(GROUP)
    assert bridge.channel in layer.groups[GROUP]


async def test_a_group_that_is_held_again_before_it_is_left_is_not_left(
    bridge: ChannelLayerBridge, layer: SlowToDiscard
) -> None:
    bridge.hold(GROUP)
    await bridge.join(GROUP)
    bridge.release(GROUP)
    bridge.hold(GROUP)
    for _ in range(5):
        await asyncio.sleep(0)
    assert not layer.is_discarding.is_set()


async def test_after_a_stop_nothing_is_received(
    bridge: ChannelLayerBridge, layer: SlowToDiscard, news: "asyncio.Queue[dict[str, Any]]"
) -> None:
    await bridge.stop()
    await layer.group_send(EVERYONE, {"type": "news", "text": "late"})
    for _ in range(5):
        await asyncio.sleep(0)
    assert news.empty()
    assert not [task for task in asyncio.all_tasks() if "_listen" in repr(task)]


async def test_a_layer_that_swallows_a_cancellation_is_stopped_all_the_same(
    bridge: ChannelLayerBridge, layer: SlowToDiscard, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive, was_cancelled = layer.receive, asyncio.Event()

    async def receive_once_more(channel: str) -> dict[str, Any]:
        try:
            return dict(await receive(channel))
        except asyncio.CancelledError:
            was_cancelled.set()
            return dict(await receive(channel))

    monkeypatch.setattr(layer, "receive", receive_once_more)
    monkeypatch.setattr("realtime.fanout.layer.CANCEL_SECONDS", 0.01)
    await bridge.join(EVERYONE)
    await layer.group_send(EVERYONE, {"type": "unheard of"})  # what is received next is received so
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while bridge.channel not in layer.channels or not layer.channels[bridge.channel].empty():  # noqa: ASYNC110
            await asyncio.sleep(0)
        await bridge.stop()
    assert was_cancelled.is_set()


async def test_without_a_channel_layer_nothing_is_joined_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.fanout.layer.get_channel_layer", lambda: None)
    bridge = ChannelLayerBridge()
    bridge.start()
    bridge.hold(GROUP)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        await bridge.join(GROUP)
        await bridge.renew()
        bridge.release(GROUP)
        await asyncio.sleep(0)
    assert bridge.channel == ""
    await bridge.stop()


def test_only_a_layer_outside_this_process_reaches_others() -> None:
    assert [reaches_others(layer) for layer in (None, InMemoryChannelLayer(), object())] == [False, False, True]
