"""The bridge to the channel layer: the groups that the process is in are those that its rooms need."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers

from realtime.fanout.layer import ChannelLayerBridge

GROUP = "callboard.workflow.w"
SECONDS = 10.0  # a test that hangs for longer has failed


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
    async with asyncio.timeout(SECONDS):
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
    async with asyncio.timeout(SECONDS):
        await layer.is_discarding.wait()
        while GROUP in layer.groups:  # noqa: ASYNC110 - the layer announces nothing
            await asyncio.sleep(0)
