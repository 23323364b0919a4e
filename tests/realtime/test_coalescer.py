"""When what has come is flushed."""

from itertools import pairwise

import pytest

from realtime.fanout.coalescer import BUSY_COUNT, Coalescer
from tests.realtime.fake_timers import FakeTimers

LEAST, MOST = 0.01, 0.05


class Sink:
    """What is flushed; remembers when, and how many."""

    def __init__(self) -> None:
        self.clock = FakeTimers()
        self.sent: list[tuple[float, int]] = []
        self._count = 0
        self._coalescer = Coalescer(self.clock, self._flush, least=LEAST, most=MOST)

    def come(self, count: int = 1) -> None:
        """So many things come in one turn."""
        for _ in range(count):
            self._count += 1
            self._coalescer.schedule()

    def flush(self) -> None:
        """Flushes without waiting for the timer."""
        self._coalescer.flush()

    def stop(self) -> None:
        """Cancels what is scheduled."""
        self._coalescer.stop()

    def pauses(self) -> list[float]:
        """Seconds between what went out."""
        times = [at for at, _ in self.sent]
        return [round(later - earlier, 6) for earlier, later in pairwise(times)]

    def _flush(self) -> int:
        count, self._count = self._count, 0
        if count:
            self.sent.append((self.clock.now, count))
        return count


@pytest.fixture
def sink() -> Sink:
    return Sink()


def test_in_a_quiet_room_something_goes_out_at_once(sink: Sink) -> None:
    for _ in range(3):
        sink.come()
        sink.clock.turn()
        sink.clock.pass_time(LEAST)
    assert [count for _, count in sink.sent] == [1, 1, 1]
    assert sink.sent[0][0] == 0.0


def test_what_one_turn_brings_goes_out_together(sink: Sink) -> None:
    sink.come(7)
    sink.clock.turn()
    assert sink.sent == [(0.0, 7)]


def test_a_busy_room_coalesces_for_10_ms(sink: Sink) -> None:
    for _ in range(30):
        sink.come()
        sink.clock.pass_time(0.004)
    assert set(sink.pauses()) == {LEAST}
    assert sum(count for _, count in sink.sent) + 1 >= 29


def test_while_the_load_lasts_it_coalesces_for_up_to_50_ms_and_then_at_once_again(sink: Sink) -> None:
    for _ in range(400):
        sink.come(BUSY_COUNT)
        sink.clock.pass_time(0.001)
    assert sink.pauses()[:5] == [0.02, 0.04, 0.05, 0.05, 0.05]
    sink.clock.pass_time(1)
    assert sum(count for _, count in sink.sent) == 400 * BUSY_COUNT
    before = sink.clock.now
    sink.come()
    sink.clock.turn()
    assert sink.sent[-1] == (before, 1)


def test_a_quiet_room_needs_no_timer(sink: Sink) -> None:
    sink.come()
    sink.clock.pass_time(1)
    assert sink.clock.is_quiet()


def test_after_a_quiet_time_load_coalesces_from_the_shortest_wait_again(sink: Sink) -> None:
    for _ in range(200):
        sink.come(BUSY_COUNT)
        sink.clock.pass_time(0.001)
    sink.clock.pass_time(2 * MOST)  # what is left is flushed, and then nothing comes for long enough
    sink.sent.clear()
    for _ in range(30):
        sink.come(BUSY_COUNT)
        sink.clock.pass_time(0.001)
    assert sink.pauses()[0] == 2 * LEAST


def test_the_wait_begins_with_the_flush(sink: Sink) -> None:
    sink.clock.pass_time(0.5)
    sink.come()
    sink.clock.turn()
    sink.clock.pass_time(LEAST / 2)
    sink.come()
    sink.clock.pass_time(1)
    assert [at for at, _ in sink.sent] == [0.5, 0.5 + LEAST]


def test_what_is_flushed_by_hand_is_not_flushed_again_by_the_timer(sink: Sink) -> None:
    sink.come()
    sink.flush()
    assert sink.clock.is_quiet()
    assert sink.sent == [(0.0, 1)]


def test_after_a_stop_a_flush_can_be_scheduled_again(sink: Sink) -> None:
    sink.come()
    sink.stop()
    sink.clock.pass_time(1)
    assert sink.sent == []
    sink.come()
    sink.clock.turn()
    assert sink.sent == [(1.0, 2)]
