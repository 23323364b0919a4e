"""What is kept of what agents did: percentiles, thinning, right with many processes."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from statistics import quantiles

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agents import durations, samples
from agents.models import Agent, AgentSample
from agents.samples import Totals
from tests.agents import jobs

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@given(st.lists(st.floats(0.0, 20_000.0), min_size=1, max_size=50), st.floats(0.01, 1.0))
def test_a_percentile_is_at_most_nine_percent_off(seconds: list[float], share: float) -> None:
    total = Totals()
    for each in seconds:
        total.add_call(each, has_failed=False)
    rank = max(1, -int(-share * len(seconds) // 1))
    exact = sorted(seconds)[rank - 1]
    longest_bucket = durations.FIRST_SECONDS * 2 ** (durations.LAST / durations.PER_DOUBLING)
    if durations.FIRST_SECONDS < exact < longest_bucket:
        assert total.percentile(share) == pytest.approx(exact, rel=0.092)
    assert (total.percentile(share) or 0.0) <= max(seconds)


def test_percentiles_of_sums_are_those_of_all_calls(shouter: Agent) -> None:
    numbers = random.Random(7)
    seconds = [numbers.lognormvariate(0.5, 1.0) for _ in range(500)]
    for each in seconds:
        jobs.finish("shouter", each)
    history = samples.history(shouter, 24)
    percentiles = quantiles(seconds, n=20, method="inclusive")
    assert history.calls == 500
    assert (history.p50, history.p95) == pytest.approx((percentiles[9], percentiles[18]), rel=0.12)


def test_minutes_become_quarters_of_an_hour_after_two_days_and_are_dropped_after_thirty(
    shouter: Agent, at: Callable[[datetime], None]
) -> None:
    for minute in range(0, 60, 5):
        at(NOON + timedelta(minutes=minute))
        jobs.finish("shouter", 1.0 + minute, "It broke." if minute == 30 else "")
    before = samples.history(shouter, 24)

    def rows() -> list[tuple[datetime, int, int]]:
        return list(AgentSample.objects.order_by("minute").values_list("minute", "seconds", "calls"))

    at(NOON + timedelta(days=2, minutes=44))
    samples.thin()
    quarters, minutes = rows()[:2], rows()[2:]
    assert quarters == [(NOON, 900, 3), (NOON + timedelta(minutes=15), 900, 3)]
    assert [minute for minute, seconds, _ in minutes] == [NOON + timedelta(minutes=each) for each in range(30, 60, 5)]
    at(NOON + timedelta(days=29))
    samples.thin()
    samples.thin()
    assert len(rows()) == 4
    after = samples.history(shouter, 720)
    assert (after.calls, after.errors, after.p50, after.p95) == (before.calls, before.errors, before.p50, before.p95)
    at(NOON + timedelta(days=30, hours=2))
    samples.thin()
    assert rows() == []


def test_a_history_has_few_samples_however_long_it_is(shouter: Agent, at: Callable[[datetime], None]) -> None:
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(days=30)
    AgentSample.objects.bulk_create(
        AgentSample(agent=shouter, minute=start + timedelta(minutes=15 * quarter), seconds=900, calls=1)
        for quarter in range(30 * 96)
    )
    for hours in (1, 5, 24, 25, 100, 720):
        history = samples.history(shouter, hours)
        assert len(history.samples) <= samples.MOST_SAMPLES + 1
        assert history.calls == sum(sample.calls for sample in history.samples)
        assert all(sample.p50 is None for sample in history.samples)  # of before there were percentiles


@pytest.mark.django_db(transaction=True)
def test_no_duration_is_lost_between_processes_that_write_at_once(shouter: Agent) -> None:
    def write(number: int) -> None:
        one = Totals()
        one.add_call(0.1 * (number % 5 + 1), has_failed=number % 2 == 0)
        try:
            with transaction.atomic():
                samples.add(shouter, one)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(60)))
    total = samples.sum_of(AgentSample.objects.all())
    assert (total.calls, total.errors, sum(total.durations.values()), len(total.durations)) == (60, 30, 60, 5)


@pytest.mark.django_db(transaction=True)
def test_two_processes_may_thin_at_once(shouter: Agent) -> None:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=5)
    AgentSample.objects.bulk_create(
        AgentSample(agent=shouter, minute=start + timedelta(minutes=minute), calls=1, durations={"40": 1})
        for minute in range(2 * 1_440)
    )

    def thin(_: int) -> None:
        try:
            samples.thin()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(thin, range(4)))
    assert set(AgentSample.objects.values_list("seconds", "calls")) == {(900, 15)}
    assert AgentSample.objects.count() == 2 * 96
    assert samples.history(shouter, 720).calls == 2 * 1_440
