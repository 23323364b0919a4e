"""What models take is counted per task, film and model, and a film stays within its budget."""

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from agents import usage
from agents.contract import AgentError, Job
from agents.models import Agent
from agents.usage import Usage
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Json, Kinds, Run
from tests.waiting import TIMEOUT_SECONDS
from tests.workflows.sample_pipeline import SampleAgent
from workflows import attempts, claims, coordinator, deletion, snapshots, spending
from workflows.lifecycle import Action
from workflows.models import Attempt, ModelTotals, Workflow

PRICES = {
    "writer": {"prompt_tokens": Decimal("0.000001"), "completion_tokens": Decimal("0.000002")},
    "painter": {"pictures": Decimal("0.04")},
}
LETTER = Usage(model="writer", prompt_tokens=200_000, completion_tokens=400_000)  # costs 1.00
PICTURE = Usage(model="painter", pictures=1)  # costs 0.04

Spell = Callable[[Job, str], Any]


@pytest.fixture(autouse=True)
def prices(settings: Settings) -> None:
    settings.OPENAI_PRICES, settings.PRICE_CURRENCY, settings.BUDGET_PER_FILM = PRICES, "EUR", 0.0


def call(*calls: Usage) -> Spell:
    """Calls models as a provider does."""

    def spell(_job: Job, _word: str) -> None:
        for each in calls:
            usage.check_budget()
            usage.report(each)

    return spell


def tasks(workflow: Workflow) -> dict[str, Json]:
    """The tasks of the snapshot by key."""
    stages = snapshots.workflow_snapshot(workflow)["stages"]
    return {task["key"]: task for stage in stages for task in stage["tasks"]}


def total(workflow: Workflow) -> Json:
    """The sums of the snapshot."""
    found: Json = snapshots.workflow_snapshot(workflow)["usage"]
    return found


def test_a_film_without_models_has_no_usage(sample_workflow: Workflow, run: Run, kinds: Kinds) -> None:
    run()
    assert total(sample_workflow) is None
    assert {task["usage"] for task in tasks(sample_workflow).values()} == {None}
    assert "usage_recorded" not in kinds(sample_workflow)


@pytest.mark.covers("event_usage_recorded")
def test_each_call_is_counted_for_its_task_and_its_film(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    sample_agent.on_spell = call(LETTER, PICTURE, PICTURE)
    run()
    of_task, of_film = tasks(sample_workflow)["spell/1"]["usage"], total(sample_workflow)
    assert (of_task["calls"], of_task["prompt_tokens"], of_task["completion_tokens"]) == (3, 200_000, 400_000)
    assert (of_task["pictures"], of_task["cost"], of_task["currency"]) == (2, 1.08, "EUR")
    assert (of_film["calls"], of_film["pictures"], of_film["cost"], of_film["budget"]) == (9, 6, 3.24, None)
    assert tasks(sample_workflow)["cut"]["usage"] is None
    last = sample_workflow.events.filter(kind="usage_recorded").latest("seq").data
    assert (last["task"], last["model"], last["total"]) == ("spell/3", "painter", of_film)
    attempt = Attempt.objects.get(task__workflow=sample_workflow, task__key="spell/1")
    assert {model: each["calls"] for model, each in (attempt.usage or {}).items()} == {"writer": 1, "painter": 2}


def test_what_a_failed_attempt_has_spent_is_counted(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    def spell(job: Job, _word: str) -> None:
        usage.report(LETTER)
        if job.attempt == 1:
            raise AgentError("The answer is of no use.")

    sample_agent.on_spell = spell
    run()
    assert tasks(sample_workflow)["spell/1"]["state"] == "failed"
    assert total(sample_workflow)["cost"] == 3.0
    coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action=Action.RETRY)
    run()
    assert tasks(sample_workflow)["spell/1"]["state"] == "completed"
    assert (tasks(sample_workflow)["spell/1"]["usage"]["cost"], total(sample_workflow)["cost"]) == (2.0, 6.0)


def test_without_prices_only_counts_are_told(
    settings: Settings, sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    settings.OPENAI_PRICES = {}
    sample_agent.on_spell = call(LETTER)
    run()
    of_film = total(sample_workflow)
    assert (of_film["prompt_tokens"], of_film["cost"], of_film["unpriced_calls"]) == (600_000, None, 3)


def test_a_call_of_a_model_without_a_price_is_told_beside_the_cost(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    sample_agent.on_spell = call(PICTURE, Usage(model="unknown", pictures=1))
    run()
    of_film = total(sample_workflow)
    assert (of_film["pictures"], of_film["cost"], of_film["unpriced_calls"]) == (6, 0.12, 3)


def test_the_snapshot_reads_no_more_for_more_tasks_that_spent(sample_agent: SampleAgent, alice: User, run: Run) -> None:
    sample_agent.on_spell = call(PICTURE)
    counts = []
    for words in ("one", "one two three four five six seven eight"):
        workflow = coordinator.create(pipeline="telegram", given={"text": words}, owner=alice)
        run()
        with CaptureQueriesContext(connection) as queries:
            snapshots.workflow_snapshot(workflow)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- the budget -----------------------------------------------------------------------------------


def test_when_the_budget_is_reached_no_model_is_called_and_the_task_fails_for_good(
    settings: Settings, sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    settings.BUDGET_PER_FILM = 2.0
    sample_agent.on_spell = call(LETTER)
    run()
    states = {key: task["state"] for key, task in tasks(sample_workflow).items()}
    assert (states["spell/1"], states["spell/2"], states["spell/3"]) == ("completed", "completed", "failed")
    error = tasks(sample_workflow)["spell/3"]["error"]
    assert (error["type"], error["retryable"]) == ("BudgetReached", False)
    assert "has cost about 2.00 EUR" in error["message"]
    assert "its budget is 2.00 EUR" in error["message"]
    assert "BUDGET_PER_FILM" in error["message"]
    snapshot = snapshots.workflow_snapshot(sample_workflow)
    assert (snapshot["state"], snapshot["error"]["type"], snapshot["usage"]["budget"]) == (
        "failed",
        "BudgetReached",
        2.0,
    )
    assert snapshot["usage"]["cost"] == 2.0


def test_a_reached_budget_is_no_fault_of_the_agent(
    settings: Settings, sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    settings.BUDGET_PER_FILM = 0.01
    sample_agent.on_spell = call(PICTURE, PICTURE)
    run()
    assert Agent.objects.get(name="clerk").consecutive_errors == 0


def test_what_needs_no_model_goes_on_when_the_budget_is_reached(
    settings: Settings, sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    settings.BUDGET_PER_FILM = 0.01
    paint = call(PICTURE)

    def spell(job: Job, word: str) -> None:
        if word == "send":
            paint(job, word)

    sample_agent.on_spell = spell
    run()
    assert snapshots.workflow_snapshot(sample_workflow)["state"] == "completed"


def test_after_the_budget_is_raised_a_retry_goes_on(
    settings: Settings, sample_agent: SampleAgent, sample_workflow: Workflow, run: Run, olga: User
) -> None:
    settings.BUDGET_PER_FILM = 2.0
    sample_agent.on_spell = call(LETTER)
    run()
    spending.set_budget(workflow=sample_workflow, amount=5.0, by=olga)
    coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action=Action.RETRY)
    run()
    snapshot = snapshots.workflow_snapshot(sample_workflow)
    assert (snapshot["state"], snapshot["usage"]["cost"], snapshot["usage"]["budget"]) == ("completed", 3.0, 5.0)


def test_tasks_that_run_at_once_exceed_the_budget_by_one_call_each_at_most(
    settings: Settings, sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    settings.BUDGET_PER_FILM = 0.04  # one picture
    both_may, paid = Barrier(3), []

    def spell(_job: Job, word: str) -> None:
        for number in range(5):
            usage.check_budget()
            if number == 0:
                both_may.wait(TIMEOUT_SECONDS)  # all three have asked before any has paid
            usage.report(PICTURE)
            paid.append(word)
            if number == 0:
                both_may.wait(TIMEOUT_SECONDS)

    sample_agent.on_spell = spell
    run(limit=1)  # cuts the text
    claimed = [claims.claim_next("test") for _ in range(3)]

    def perform(claim: Any) -> None:  # noqa: ANN401 - a claim
        attempts.perform(claim)
        connections.close_all()

    threads = [Thread(target=perform, args=(claim,)) for claim in claimed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT_SECONDS)
    assert sorted(paid) == ["light", "more", "send"]  # one each, none a second time
    of_film = total(sample_workflow)
    assert (of_film["calls"], of_film["cost"]) == (3, 0.12)
    assert {task["state"] for key, task in tasks(sample_workflow).items() if key.startswith("spell")} == {"failed"}


# --- shown and told -------------------------------------------------------------------------------


def test_prometheus_counts_what_each_model_took(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run, client: Client
) -> None:
    sample_agent.on_spell = call(LETTER, PICTURE)
    run()
    metrics = client.get("/metrics").content.decode()
    for line in (
        'callboard_model_calls_total{model="writer"} 3.0',
        'callboard_model_prompt_tokens_total{model="writer"} 600000.0',
        'callboard_model_pictures_total{model="painter"} 3.0',
        'callboard_model_cost_total{model="writer"} 3.0',
    ):
        assert line in metrics


def test_the_owner_reads_it_over_http(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run, as_user: AsUser
) -> None:
    sample_agent.on_spell = call(PICTURE)
    run()
    api = as_user(sample_workflow.owner)
    body = api.get(f"/api/workflows/{sample_workflow.pk}/").json()
    assert (body["usage"]["pictures"], body["usage"]["cost"], body["usage"]["currency"]) == (3, 0.12, "EUR")
    page = api.get(f"/api/workflows/{sample_workflow.pk}/tasks/").json()
    by_key = {each["task"]["key"]: each["task"]["usage"] for each in page["tasks"]}
    assert (by_key["cut"], by_key["spell/1"]["cost"]) == (None, 0.04)


# --- exactly once, and to the end ------------------------------------------------------------------


def test_a_call_that_is_recorded_again_after_an_outage_is_counted_once(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    assert claim
    for _ in range(2):
        spending.record_usage(claim, PICTURE, 1)
    assert total(sample_workflow)["calls"] == 1
    spending.record_usage(claim, PICTURE, 2)
    assert total(sample_workflow)["calls"] == 2


def test_what_is_spent_after_the_attempt_has_ended_is_counted(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    assert claim
    Attempt.objects.filter(pk=claim.attempt).update(state="abandoned")
    spending.record_usage(claim, PICTURE, 1)
    assert total(sample_workflow)["pictures"] == 1


def test_usage_goes_with_its_film_but_not_from_the_sums_of_the_server(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    sample_agent.on_spell = call(LETTER)
    run()
    deletion.delete(workflow=sample_workflow, by=sample_workflow.owner)
    totals = ModelTotals.objects.get(model="writer")
    assert (totals.calls, totals.prompt_tokens, totals.cost) == (3, 600_000, 3.0)


def test_a_call_that_comes_back_after_its_film_was_deleted_changes_nothing(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    assert claim
    Workflow.objects.get(pk=sample_workflow.pk).delete()
    spending.record_usage(claim, PICTURE, 1)
    assert not ModelTotals.objects.exists()


def test_a_rerun_has_spent_nothing_for_what_it_reuses(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    sample_agent.on_spell = call(LETTER)
    run()
    again = coordinator.rerun(workflow=sample_workflow, by=sample_workflow.owner, from_task="join")
    run()
    assert total(again) is None
