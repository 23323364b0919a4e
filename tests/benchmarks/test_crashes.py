"""The benchmark itself: it must notice whatever a crash may do to a workflow. No assertion is about time."""

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.db.models import F

from agents import registry
from benchmarks.crashes import trial
from benchmarks.crashes.book import CREW, Binder
from benchmarks.crashes.pipeline import BOOK
from benchmarks.fanout import chart
from tests.fixtures.workflows import Run
from workflows import claims, coordinator, outcomes, pipelines
from workflows.models import Attempt, Workflow

CLEAN = {"watched": True, "survivors": 0, "all_seconds": 1.0}


@pytest.fixture
def book(
    transactional_db: None, alice: User, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Workflow, float]]:
    """A book of two pages, and the moment at which the runner of its second attempt died."""
    monkeypatch.setattr(Binder, "is_isolated", False)  # a process of its own would only cost time
    for agent in CREW:
        registry.register(agent)
    registry.sync()
    pipelines.register(BOOK)
    workflow = coordinator.create(pipeline=BOOK.name, given={"seed": 1, "pages": 2}, owner=alice)
    run(limit=1)
    claim = claims.claim_next("doomed")
    assert claim
    lost = Attempt.objects.get(pk=claim.attempt)
    outcomes.lost(lost)
    run()
    yield workflow, lost.started_at.timestamp() + 0.000_001
    pipelines.unregister(BOOK.name)
    for agent in CREW:
        registry.unregister(agent.name)


Book = tuple[Workflow, float]


def flaws(workflow: Workflow) -> list[str]:
    return trial.flaws_of({**CLEAN, **trial.verdict(workflow)})


def test_a_workflow_that_survived_has_no_flaw_and_its_recovery_is_measured_from_the_kill(book: Book) -> None:
    workflow, killed_at = book
    assert flaws(workflow) == []
    again = Attempt.objects.get(task__key="print/1", number=2)
    found = trial.recovery(workflow, killed_at)
    assert found["lost"] == 1
    assert found["all_seconds"] == pytest.approx(again.started_at.timestamp() - killed_at, abs=0.001)
    assert found["first_seconds"] <= found["all_seconds"]


def test_an_attempt_at_a_completed_task_is_done_twice(book: Book) -> None:
    workflow, _ = book
    attempt = Attempt.objects.get(task__key="layout")
    attempt.pk, attempt.number, attempt.state = None, 2, "failed"
    attempt.save()
    assert flaws(workflow) == ["done twice"]


def test_a_task_that_finished_twice_is_done_twice(book: Book) -> None:
    workflow, _ = book
    event = workflow.events.get(kind="task_finished", data__task="layout")
    event.pk, event.seq = None, workflow.events.count() + 1
    event.save()
    Workflow.objects.update(last_seq=F("last_seq") + 1)
    assert flaws(workflow) == ["done twice"]


def test_a_gap_in_the_events_is_noticed(book: Book) -> None:
    workflow, _ = book
    workflow.events.filter(kind="task_started").first().delete()  # type: ignore[union-attr]
    assert flaws(workflow) == ["hole in the events"]


def test_a_wrong_book_is_noticed(book: Book) -> None:
    workflow, _ = book
    Workflow.objects.update(input={"seed": 2, "pages": 2})
    assert flaws(workflow) == ["wrong result"]


def test_a_task_that_nobody_took_up_counts_as_not_recovered(book: Book) -> None:
    workflow, killed_at = book
    Attempt.objects.filter(task__key="print/1", number=2).delete()
    kill = {**CLEAN, **trial.verdict(workflow), **trial.recovery(workflow, killed_at)}
    assert kill["all_seconds"] is None
    assert "recovered too late" in trial.flaws_of(kill)


def test_an_attempt_of_before_the_kill_is_no_recovery(book: Book) -> None:
    workflow, _ = book
    end = Workflow.objects.get().finished_at
    assert end
    assert trial.recovery(workflow, (end + timedelta(seconds=1)).timestamp())["first_seconds"] is None


def test_the_chart_has_a_dot_for_each_kill() -> None:
    drawn = ElementTree.fromstring(chart.dots("Title", "seconds", [("one", [1.0, 2.0]), ("two", [31.0])], goal=30.0))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 3
