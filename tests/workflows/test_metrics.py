"""The coordinator in figures."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents import switches
from agents.models import Agent
from tests.workflows.sample_pipeline import SampleAgent
from workflows import metrics
from workflows.models import Workflow
from workflows.signals import coordinator_metrics_changed


@pytest.fixture
def sent(sample_agent: SampleAgent, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The messages of `coordinator_metrics_changed`."""
    monkeypatch.setattr(metrics, "_last_sent", [])
    sent: list[dict[str, Any]] = []

    def listen(message: dict[str, Any], **_: object) -> None:
        sent.append(message)

    coordinator_metrics_changed.connect(listen)
    yield sent
    coordinator_metrics_changed.disconnect(listen)


def test_the_figures_count_workflows_agents_and_the_jobs_given_to_them(
    sample_workflow: Workflow, run: Callable[..., int]
) -> None:
    before = metrics.coordinator_metrics()
    assert (before["total_workflows"], before["active_workflows"]) == (1, 1)
    run()
    after = metrics.coordinator_metrics()
    assert (after["total_workflows"], after["active_workflows"]) == (1, 0)
    assert after["total_messages"] - before["total_messages"] == 5
    assert after["healthy_agents"] == after["registered_agents"] > 0


def test_an_agent_that_a_person_took_out_of_service_is_not_counted_as_failing(sample_agent: SampleAgent) -> None:
    before = metrics.coordinator_metrics()
    switches.change(["clerk"], is_enabled=False, by="olga")
    after = metrics.coordinator_metrics()
    assert after["healthy_agents"] == before["healthy_agents"] == after["registered_agents"]
    assert (before["disabled_agents"], after["disabled_agents"]) == (0, 1)
    switches.change(["clerk"], is_enabled=True)
    Agent.objects.filter(name="clerk").update(is_reachable=False)
    assert metrics.coordinator_metrics()["healthy_agents"] == before["healthy_agents"] - 1


def test_metrics_are_sent_only_when_they_have_changed(
    sent: list[dict[str, Any]], sample_workflow: Workflow, run: Callable[..., int]
) -> None:
    metrics.announce()
    metrics.announce()
    assert len(sent) == 1
    run()
    metrics.announce()
    assert [message["active_workflows"] for message in sent] == [1, 0]


def test_where_nothing_happens_the_database_is_left_alone(
    sent: list[dict[str, Any]], sample_workflow: Workflow, run: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics.announce_if_due()
    with CaptureQueriesContext(connection) as queries:
        metrics.announce_if_due()
    assert len(queries) == 0
    run()
    metrics.announce_if_due()
    assert sent[-1]["active_workflows"] == 0
    monkeypatch.setattr(metrics, "RECHECK_SECONDS", 0.0)
    Workflow.objects.all().delete()  # as another process may
    metrics.announce_if_due()
    assert sent[-1]["total_workflows"] == 0
