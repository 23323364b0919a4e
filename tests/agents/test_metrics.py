"""How agents are doing: counts, rates, health, and that a signal says so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from agents import metrics, switches
from agents.models import Agent, AgentSample
from tests.agents import jobs
from tests.fixtures.clock import Clock


def body() -> dict[str, Any]:
    """What a watcher of the shouter sees."""
    return metrics.status_of(Agent.objects.get(name="shouter"))


def fail(times: int) -> None:
    for _ in range(times):
        jobs.start("shouter")
        jobs.finish("shouter", 0.5, "It broke.")


def test_a_new_agent_is_idle_and_healthy(shouter: Agent) -> None:
    assert body()["status"] == "idle"
    assert body()["metrics"] == {
        "message_count": 0,
        "error_count": 0,
        "error_rate": 0.0,
        "avg_execution_time": 0.0,
        "is_healthy": True,
    }


def test_an_agent_with_a_job_is_busy_until_it_is_done(shouter: Agent) -> None:
    jobs.start("shouter")
    assert (body()["status"], body()["in_flight"]) == ("busy", 1)
    jobs.finish("shouter", 1.5)
    assert (body()["status"], body()["in_flight"]) == ("idle", 0)


def test_the_rates_are_those_of_the_calls(shouter: Agent) -> None:
    for seconds in (1.0, 2.0):
        jobs.start("shouter")
        jobs.finish("shouter", seconds)
    fail(1)
    figures = body()["metrics"]
    assert (figures["message_count"], figures["error_count"], figures["error_rate"]) == (3, 1, 0.333)
    assert figures["avg_execution_time"] == pytest.approx(3.5 / 3, abs=0.001)


def test_five_failures_in_a_row_make_an_agent_unhealthy_and_a_success_heals_it(shouter: Agent) -> None:
    fail(4)
    assert (body()["status"], body()["metrics"]["is_healthy"]) == ("idle", True)
    fail(1)
    assert (body()["status"], body()["metrics"]["is_healthy"]) == ("error", False)
    assert body()["last_error"] == "It broke."
    jobs.start("shouter")
    jobs.finish("shouter", 0.1)
    assert (body()["status"], body()["metrics"]["is_healthy"]) == ("idle", True)


def test_failures_that_are_not_in_a_row_do_no_harm(shouter: Agent) -> None:
    for _ in range(4):
        fail(2)
        jobs.start("shouter")
        jobs.finish("shouter", 0.1)
    assert body()["metrics"]["is_healthy"]


def test_errors_of_the_input_are_counted_but_do_not_make_an_agent_unhealthy(shouter: Agent) -> None:
    fail(4)
    for _ in range(5):
        jobs.start("shouter")
        jobs.finish("shouter", 0.1, "This is no text.", is_fault=False)
    assert (body()["metrics"]["error_count"], body()["metrics"]["is_healthy"]) == (9, True)
    fail(1)
    assert not body()["metrics"]["is_healthy"]


def test_a_long_error_is_cut(shouter: Agent) -> None:
    jobs.start("shouter")
    jobs.finish("shouter", 0.1, "x" * 10_000)
    assert len(body()["last_error"]) == metrics.ERROR_CHARACTERS


@pytest.mark.parametrize("out_of_service", [{"is_enabled": False}, {"is_draining": True}])
def test_an_agent_that_is_out_of_service_on_purpose_is_not_failing(
    shouter: Agent, out_of_service: dict[str, Any]
) -> None:
    fail(5)
    assert not body()["metrics"]["is_healthy"]
    switches.change(["shouter"], **out_of_service)
    assert body()["metrics"]["is_healthy"]


def test_an_agent_out_of_reach_is_failing(shouter: Agent) -> None:
    Agent.objects.filter(name="shouter").update(is_reachable=False)
    assert (body()["status"], body()["reason"], body()["metrics"]["is_healthy"]) == ("offline", "out of reach", False)


def test_an_abandoned_call_only_leaves_the_flight(shouter: Agent) -> None:
    for _ in range(3):
        jobs.start("shouter")
    for _ in range(2):
        jobs.abandon("shouter")
    row = Agent.objects.get(name="shouter")
    assert (row.in_flight, row.message_count, row.finished_count, row.error_count) == (1, 3, 0, 0)


def test_jobs_of_a_process_that_died_leave_the_flight(shouter: Agent) -> None:
    jobs.start("shouter")
    jobs.running.clear()
    metrics.refresh_running()
    assert body()["status"] == "idle"


def test_calls_that_follow_each_other_at_once_are_written_together(
    shouter: Agent, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(metrics, "FLUSH_SECONDS", 60.0)
    clock.pass_time(3600.0)
    for _ in range(3):
        jobs.start("shouter")
    assert body()["metrics"]["message_count"] == 1  # the first at once
    metrics.flush()
    assert body()["metrics"]["message_count"] == 3


def test_calls_of_one_minute_share_one_sample(shouter: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = timezone.now().replace(hour=12, minute=0, second=1)
    for second, seconds, error in ((1, 1.0, ""), (30, 4.0, "It broke."), (59, 2.0, ""), (61, 8.0, "")):
        monkeypatch.setattr(timezone, "now", lambda second=second: noon + timedelta(seconds=second - 1))
        jobs.finish("shouter", seconds, error)
    first, second_sample = AgentSample.objects.filter(agent=shouter)
    assert (first.calls, first.errors, first.total_seconds, first.max_seconds) == (3, 1, 7.0, 4.0)
    assert (second_sample.calls, second_sample.max_seconds) == (1, 8.0)


def test_an_unknown_agent_is_ignored(db: None) -> None:
    jobs.start("nobody")
    jobs.finish("nobody", 1.0)
    jobs.abandon("nobody")
    assert not AgentSample.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_every_change_is_announced_with_the_newest_status(shouter: Agent, announced: list[dict[str, Any]]) -> None:
    jobs.start("shouter")
    jobs.finish("shouter", 2.0, "It broke.")
    assert [b["status"] for b in announced] == ["busy", "idle"]
    assert announced[-1]["metrics"]["error_rate"] == 1.0
    assert announced[-1]["agent_name"] == "shouter"
    assert announced[-1]["timestamp"].endswith("Z")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_announced_that_did_not_become_true(shouter: Agent, announced: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        jobs.start("shouter")
        transaction.set_rollback(True)
    assert announced == []
    assert body()["in_flight"] == 0


@pytest.mark.django_db(transaction=True)
def test_no_count_is_lost_between_threads_and_the_last_word_is_the_newest(
    shouter: Agent, announced: list[dict[str, Any]]
) -> None:
    def call(number: int) -> None:
        try:
            jobs.start("shouter")
            jobs.finish("shouter", 0.5, "It broke." if number % 2 else "")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(call, range(40)))
    row = Agent.objects.get(name="shouter")
    assert (row.message_count, row.finished_count, row.error_count, row.in_flight) == (40, 40, 20, 0)
    assert sum(AgentSample.objects.values_list("calls", flat=True)) == 40
    assert len(announced) == 80
    assert announced[-1]["metrics"] == metrics.status_of(row)["metrics"]


def test_all_agents_are_listed_by_name(shouter: Agent) -> None:
    names = [each["agent_name"] for each in metrics.all_statuses()]
    assert "shouter" in names
    assert names == sorted(names)
