"""What one client has yet to receive."""

import asyncio
import json
from typing import Any

import pytest

from realtime.connection.outbox import Outbox
from realtime.wire.batch import Batch, Entry

Json = dict[str, Any]


class Sink:
    """A connection whose writes wait while it is held."""

    def __init__(self, most_messages: int = 10, most_bytes: int = 1000) -> None:
        self.sent: list[str] = []
        self.overflows = 0
        self.free = asyncio.Event()
        self.free.set()
        self.is_broken: Exception | None = None
        self.outbox = Outbox(self._send, self._overflow, most_messages=most_messages, most_bytes=most_bytes)
        self.outbox.open()

    async def _send(self, frame: str) -> None:
        await self.free.wait()
        if self.is_broken:
            raise self.is_broken
        self.sent.append(frame)

    def _overflow(self) -> None:
        self.overflows += 1

    async def close(self) -> None:
        """Closes."""
        self.sent.append("closed")

    async def finish(self) -> list[Json]:
        """All that was sent, unpacked."""
        self.free.set()
        await self.outbox.finish(self.close)
        assert self.sent.pop() == "closed"
        messages: list[Json] = []
        for frame in self.sent:
            message = json.loads(frame)
            messages += message["messages"] if message["type"] == "batch" else [message]
        return messages


def tick(number: int) -> str:
    return json.dumps({"type": "progress", "n": number, "merged": 0}, separators=(",", ":"))


def event(number: int) -> str:
    return json.dumps({"type": "event", "n": number})


def batch_of(*ticks: str, key: str = "a") -> Batch:
    batch = Batch()
    for text in ticks:
        batch.add(Entry((text,), key))
    return batch


async def test_a_message_alone_is_sent_as_it_is() -> None:
    sink = Sink()
    sink.outbox.put(event(1))
    await sink.finish()
    assert sink.sent == [event(1)]


async def test_what_waits_together_is_one_frame_in_order() -> None:
    sink = Sink()
    for number in range(5):
        sink.outbox.put(event(number))
    assert [message["n"] for message in await sink.finish()] == [0, 1, 2, 3, 4]
    assert len(sink.sent) == 1


async def test_of_progress_only_the_newest_waits_and_counts_how_many_it_replaced() -> None:
    sink = Sink()
    sink.outbox.hand(batch_of(tick(1)))
    sink.outbox.put(event(2))
    sink.outbox.hand(batch_of(tick(3), key="b"))
    sink.outbox.hand(batch_of(tick(4), tick(5)))
    sink.outbox.hand(batch_of(tick(6)))
    assert await sink.finish() == [
        {"type": "event", "n": 2},
        {"type": "progress", "n": 3, "merged": 0},
        {"type": "progress", "n": 6, "merged": 3},
    ]


async def test_a_batch_that_a_slow_client_adds_up_stays_as_it_is_for_the_others() -> None:
    slow, swift = Sink(), Sink()
    slow.free.clear()
    for number in range(3):
        batch = batch_of(tick(number))
        slow.outbox.hand(batch)
        swift.outbox.hand(batch)
        await asyncio.sleep(0)
    assert [message["merged"] for message in await swift.finish()] == [0, 0, 0]
    assert [message["merged"] for message in await slow.finish()] == [0, 1]


async def test_events_are_never_merged_or_dropped_while_a_write_is_blocked() -> None:
    sink = Sink(most_messages=100, most_bytes=100_000)
    sink.free.clear()
    for number in range(50):
        sink.outbox.put(event(number))
        sink.outbox.hand(batch_of(tick(number)))
        await asyncio.sleep(0)
    assert sink.outbox.blocked_seconds() > 0
    messages = await sink.finish()
    assert [message["n"] for message in messages if message["type"] == "event"] == list(range(50))
    ticks = [message for message in messages if message["type"] == "progress"]
    assert sum(1 + message["merged"] for message in ticks) == 50
    assert ticks[-1]["n"] == 49


@pytest.mark.parametrize(("most_messages", "most_bytes"), [(3, 1_000_000), (1_000, 50)])
@pytest.mark.covers("limit_outbox_bytes", "limit_outbox_messages")
async def test_too_many_messages_or_bytes_in_an_outbox_are_an_overflow(most_messages: int, most_bytes: int) -> None:
    sink = Sink(most_messages, most_bytes)
    sink.free.clear()
    sink.outbox.put(event(0))
    await asyncio.sleep(0)
    for number in range(20):
        sink.outbox.put(event(number))
    assert sink.overflows == 1


async def test_what_is_alone_may_be_of_any_size() -> None:
    sink = Sink(most_bytes=10)
    sink.outbox.put("1" * 5000)
    await sink.outbox.finish(sink.close)
    assert sink.sent == ["1" * 5000, "closed"]
    assert sink.overflows == 0


async def test_an_abandoned_client_gets_nothing_more_but_the_close() -> None:
    sink = Sink()
    sink.free.clear()
    sink.outbox.put(event(1))
    await asyncio.sleep(0)
    sink.outbox.put(event(2))
    await sink.outbox.abandon(sink.close)
    sink.outbox.put(event(3))
    assert sink.sent == ["closed"]


async def test_a_client_that_is_gone_ends_the_writing_quietly() -> None:
    sink = Sink()
    sink.is_broken = ConnectionResetError()
    sink.outbox.put(event(1))
    await sink.outbox.finish(sink.close)
    assert sink.overflows == 0


async def test_a_write_that_fails_cuts_the_client_off(caplog: pytest.LogCaptureFixture) -> None:
    sink = Sink()
    sink.is_broken = RuntimeError("after close")
    sink.outbox.put(event(1))
    await sink.outbox.finish(sink.close)
    assert sink.overflows == 1
    assert "could not be written" in caplog.text
