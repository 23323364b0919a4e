"""What one client has yet to receive."""

import asyncio
import json
import time
from typing import Any

import pytest

from realtime.connection.outbox import Outbox
from realtime.metrics import counters
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


async def blocked(most_messages: int = 1000, most_bytes: int = 1_000_000) -> Sink:
    """A connection whose first write is under way, and does not end."""
    sink = Sink(most_messages, most_bytes)
    sink.free.clear()
    sink.outbox.put(event(0))
    await asyncio.sleep(0)
    return sink


async def test_as_many_messages_as_allowed_wait_and_one_more_is_an_overflow() -> None:
    sink = await blocked(most_messages=3)
    for number in range(1, 4):
        sink.outbox.put(event(number))
    assert sink.overflows == 0
    sink.outbox.put(event(4))
    assert sink.overflows == 1


async def test_as_many_bytes_as_allowed_wait_and_what_comes_after_more_is_an_overflow() -> None:
    sink = await blocked(most_bytes=10)
    sink.outbox.put("x" * 10)
    sink.outbox.put("y")
    assert sink.overflows == 0
    sink.outbox.put("z")
    assert sink.overflows == 1


async def test_after_an_overflow_nothing_more_is_taken() -> None:
    sink = await blocked(most_messages=1)
    sink.outbox.put(event(1))
    sink.outbox.put(event(2))
    sink.outbox.put(event(3))
    assert sink.overflows == 1
    assert [message["n"] for message in await sink.finish()] == [0, 1]


async def test_messages_that_were_put_together_stay_together() -> None:
    sink = await blocked(most_messages=2)
    sink.outbox.put(event(1), event(2), event(3))
    sink.outbox.put(event(4))
    assert sink.overflows == 0
    assert [message["n"] for message in await sink.finish()] == [0, 1, 2, 3, 4]


async def test_it_is_blocked_only_while_a_write_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = Sink()
    assert sink.outbox.blocked_seconds() == 0.0
    sink = await blocked()
    assert sink.outbox.blocked_since is not None
    sink.outbox.blocked_since -= 7
    assert sink.outbox.blocked_seconds() == pytest.approx(7, abs=5)
    sink.free.set()
    await sink.finish()
    assert sink.outbox.blocked_seconds() == 0.0


async def test_a_connection_that_was_stopped_is_not_blocked_and_takes_nothing_more() -> None:
    sink = await blocked()
    sink.outbox.put(event(1))
    sink.outbox.stop()
    assert sink.outbox.blocked_seconds() == 0.0
    sink.outbox.put(event(2))
    sink.free.set()
    for _ in range(3):
        await asyncio.sleep(0)
    assert sink.sent == []


async def test_what_is_written_is_counted() -> None:
    sink = Sink()
    writes, deliveries, characters = counters.writes, counters.deliveries, counters.characters
    waits, wait_seconds = sum(counters.waits), counters.wait_seconds
    sink.outbox.put("12345")
    await asyncio.sleep(0)
    published = Batch()
    published.add_published(Entry(("67", "89")), time.time() - 100, is_event=True)
    sink.outbox.hand(published)
    await sink.outbox.finish(sink.close)
    assert (counters.writes - writes, counters.deliveries - deliveries) == (2, 3)
    assert counters.characters - characters == 9
    assert sum(counters.waits) - waits == 1  # an answer is not published, so it has not waited
    assert 100 <= counters.wait_seconds - wait_seconds < 200


async def test_what_is_merged_here_is_counted_and_what_the_room_merged_is_not() -> None:
    sink = Sink()
    merged = counters.messages_merged
    sink.outbox.hand(batch_of(tick(1), tick(2)))  # counted by the room, once for all its watchers
    await asyncio.sleep(0)
    assert counters.messages_merged == merged
    sink.free.clear()
    sink.outbox.put(event(0))
    await asyncio.sleep(0)
    sink.outbox.hand(batch_of(tick(3)))
    sink.outbox.hand(batch_of(tick(4)))
    await sink.finish()
    assert counters.messages_merged == merged + 1


async def test_the_most_that_waits_for_one_client_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[tuple[int, int]] = []
    monkeypatch.setattr(counters, "waiting", lambda *waiting: noted.append(waiting))
    sink = await blocked()
    sink.outbox.put("123")
    sink.outbox.put("45")
    assert noted == [(2, 5)]


async def test_the_close_waits_for_what_is_left_and_a_reader_that_never_reads_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("realtime.connection.outbox.CLOSING_SECONDS", 0.01)
    sink = await blocked()
    await sink.outbox.finish(sink.close)
    assert sink.sent == []
    sink.outbox.stop()


async def test_a_close_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.connection.outbox.CLOSING_SECONDS", 0.01)
    never = asyncio.Event()

    async def hang() -> None:
        await never.wait()

    await (await blocked()).outbox.abandon(hang)


async def test_a_connection_that_breaks_while_it_is_closed_has_ended() -> None:
    async def broken() -> None:
        raise ConnectionResetError

    await Sink().outbox.finish(broken)
    await Sink().outbox.abandon(broken)


async def test_an_outbox_that_was_never_opened_is_closed_all_the_same() -> None:
    sink = Sink()
    outbox = Outbox(sink._send, sink._overflow, most_messages=1, most_bytes=1)
    await outbox.finish(sink.close)
    outbox.stop()
    await outbox.abandon(sink.close)
    assert sink.sent == ["closed", "closed"]


async def test_after_a_failed_write_nothing_more_is_taken() -> None:
    for failure in (ConnectionResetError(), RuntimeError()):
        sink = Sink()
        sink.is_broken = failure
        sink.outbox.put(event(1))
        for _ in range(3):
            await asyncio.sleep(0)
        assert sink.outbox.blocked_seconds() == 0.0
        sink.is_broken = None
        sink.outbox.put(event(2))
        await sink.outbox.finish(sink.close)
        assert sink.sent == ["closed"]
