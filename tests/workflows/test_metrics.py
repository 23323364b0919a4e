"""The coordinator in figures."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.workflows.telegrams import Clerk
from workflows import metrics
from workflows.models import Workflow
from workflows.signals import coordinator_metrics_changed


@pytest.fixture
def told(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What the world is told."""
    monkeypatch.setattr(metrics, "_last_told", [])
    told: list[dict[str, Any]] = []

    def listen(message: dict[str, Any], **_: object) -> None:
        told.append(message)

    coordinator_metrics_changed.connect(listen)
    yield told
    coordinator_metrics_changed.disconnect(listen)


def test_the_figures_count_workflows_agents_and_the_jobs_given_to_them(
    telegram: Workflow, run: Callable[..., int]
) -> None:
    before = metrics.coordinator_metrics()
    assert (before["total_workflows"], before["active_workflows"]) == (1, 1)
    run()
    after = metrics.coordinator_metrics()
    assert (after["total_workflows"], after["active_workflows"]) == (1, 0)
    assert after["total_messages"] - before["total_messages"] == 5
    assert after["healthy_agents"] == after["registered_agents"] > 0


def test_the_world_is_told_of_changes_only(
    told: list[dict[str, Any]], telegram: Workflow, run: Callable[..., int]
) -> None:
    metrics.announce()
    metrics.announce()
    assert len(told) == 1
    run()
    metrics.announce()
    assert [message["active_workflows"] for message in told] == [1, 0]
