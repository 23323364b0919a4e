"""Progress and time left: never backwards, weighed by cost, bounded in number, and kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from agents.contract import AgentError, Job
from tests.fixtures.clock import Clock
from tests.fixtures.workflows import Run, facts_of
from tests.workflows.sample_pipeline import SampleAgent
from workflows import claims, coordinator, outcomes, progress, snapshots, transitions
from workflows.models import Attempt, Workflow
from workflows.progress import BURST_TICKS, PROGRESS_TICKS_PER_SECOND
from workflows.signals import progress_reported

Json = dict[str, Any]


@pytest.fixture
def ticks(sample_agent: SampleAgent) -> Iterator[list[Json]]:
    """Every progress message that is passed on."""
    sent: list[Json] = []

    def listen(message: Json, **_: object) -> None:
        sent.append(message)

    progress_reported.connect(listen)
    yield sent
    progress_reported.disconnect(listen)


def test_progress_never_goes_back_even_when_the_plan_grows_beyond_what_was_expected(
    ticks: list[Json], sample_workflow: Workflow, run: Run
) -> None:
    Workflow.objects.filter(pk=sample_workflow.pk).update(
        input={"text": " ".join("abcdefghij")}
    )  # ten words, three expected
    run()
    fractions = [tick["progress"] for tick in ticks]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert all(fraction < 1.0 for fraction in fractions[:-1])


class Process:
    """Stands for a process: what it knows of progress is in memory only while it is at work."""

    def __init__(self) -> None:
        self._memory: tuple[Any, Any] = ({}, {})

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """What happens inside happens in this process."""
        before = progress._by_workflow, progress._mine
        progress._by_workflow, progress._mine = self._memory
        try:
            yield
        finally:
            progress._by_workflow, progress._mine = before

    @staticmethod
    def die() -> None:
        """This process loses its memory."""
        progress._by_workflow.clear()
        progress._mine.clear()


def test_progress_does_not_go_back_when_the_process_that_sent_it_was_killed(
    ticks: list[Json], sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    run(limit=1)
    killed = claims.claim_next("killed")
    assert killed is not None
    for step in range(10):
        progress.report(killed.workflow, killed.task, step / 10, "", attempt=killed.number)
        progress.flush()  # what the runner's heartbeat does; `save` has not come to it
    sent = ticks[-1]["progress"]
    Process.die()  # what was in its memory is gone
    outcomes.lost(Attempt.objects.get(pk=killed.attempt))
    run()
    fractions = [tick["progress"] for tick in ticks]
    assert sent > fractions[1]
    assert fractions == sorted(fractions)


def test_nothing_is_sent_that_the_row_does_not_have(
    ticks: list[Json], sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    beyond: list[float] = []

    def compare(message: Json, **_: object) -> None:
        row = Workflow.objects.values_list("progress", flat=True).get(pk=message["workflow_id"])
        beyond.append(message["progress"] - row)

    def chatter(job: Job, _word: str) -> None:
        for step in range(50):
            job.progress(step / 50)
            progress.flush()

    sample_agent.on_spell = chatter
    progress_reported.connect(compare)
    try:
        run()
    finally:
        progress_reported.disconnect(compare)
    assert max(beyond) < 0.0001  # messages are rounded


def test_progress_does_not_go_back_when_a_process_without_a_runner_pauses_the_workflow(
    ticks: list[Json], sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    web, shown = Process(), []

    def show() -> None:
        with web.at_work():
            shown.append(snapshots.workflow_snapshot(sample_workflow)["progress"])

    def spell(job: Job, word: str) -> None:
        with web.at_work():
            coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action="pause")
        for step in range(10):
            job.progress(step / 10)
            progress.flush()
            show()
        with web.at_work():
            coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action="resume")

    sample_agent.on_spell = spell
    run()
    show()
    assert shown == sorted(shown)
    assert len(set(shown)) > 3  # it did not stay with what it knew when it paused the workflow
    assert ticks[-1]["progress"] == 1.0


def test_two_processes_that_share_a_workflow_show_a_progress_that_never_goes_back(
    ticks: list[Json], sample_workflow: Workflow, run: Run
) -> None:
    run(limit=1)
    both = [Process(), Process()]
    claimed = []
    for process in both:
        with process.at_work():
            claim = claims.claim_next("test")
            assert claim is not None
            claimed.append(claim)
    shown: list[float] = []
    for step in range(1, 10):
        for process, claim, speed in zip(both, claimed, (1.0, 0.3), strict=True):
            with process.at_work():
                progress.report(claim.workflow, claim.task, speed * step / 10, "", attempt=claim.number)
                progress.flush()
                progress.save()  # what the heartbeat does once a second
                shown.append(snapshots.workflow_snapshot(sample_workflow)["progress"])
    assert shown == sorted(shown)
    Process.die()
    after = snapshots.workflow_snapshot(sample_workflow)["progress"]
    assert after >= max(tick["progress"] for tick in ticks)


def test_only_a_completed_workflow_is_at_one(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> None:
    def refuse(_job: Job, word: str) -> None:
        if word == "light":
            raise AgentError("No.")

    sample_agent.on_spell = refuse
    run()
    assert snapshots.workflow_snapshot(sample_workflow)["progress"] < 1.0


def test_a_reports_words_and_fractions_reach_the_watchers(
    ticks: list[Json], sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    sample_agent.on_spell = lambda job, word: job.progress(0.8, f"Nearly spelt {word}")
    run()
    nearly = next(tick for tick in ticks if tick["message"] == "Nearly spelt send")
    assert nearly["tasks"] == {"spell/1": 0.8}
    assert (nearly["stage"], nearly["state"]) == ("Spell", "running")


def test_fractions_of_tasks_are_sent_in_thousandths(
    ticks: list[Json], sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    sample_agent.on_spell = lambda job, word: job.progress(0.87654, f"Nearly spelt {word}")
    run(limit=2)
    assert {"spell/1": 0.877} in [tick["tasks"] for tick in ticks]


def test_the_message_with_which_a_task_ended_is_shown_until_there_is_another(
    sample_workflow: Workflow, run: Run
) -> None:
    run(limit=2)
    assert snapshots.workflow_snapshot(sample_workflow)["message"] == "Spelt send"
    with transitions.transition(sample_workflow.pk):
        pass
    assert snapshots.workflow_snapshot(sample_workflow)["message"] == "Spelt send"


def test_agents_may_report_as_often_as_they_like(
    clock: Clock, ticks: list[Json], sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def chatter(job: Job, word: str) -> None:
        before = len(ticks)
        for step in range(1_000):
            clock.pass_time(0.001)
            job.progress(step / 1_000, f"{step} of {word}")
        assert len(ticks) - before <= BURST_TICKS + PROGRESS_TICKS_PER_SECOND

    sample_agent.on_spell = chatter
    run(limit=2)
    assert len(ticks) > PROGRESS_TICKS_PER_SECOND
    progress.flush()


def test_the_last_report_is_passed_on_even_when_it_had_to_wait(
    ticks: list[Json], sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def chatter(job: Job, _word: str) -> None:
        for step in range(1_000):
            job.progress(step / 1_000, f"step {step}")
        while ticks[-1]["message"] != "step 999":  # what the runner's heartbeat does
            assert progress.wait_for_reports(5)
            progress.flush()

    sample_agent.on_spell = chatter
    run(limit=2)
    assert ticks[-2]["message"] == "step 999" or ticks[-1]["message"] == "step 999"


def test_a_report_that_had_to_wait_is_not_sent_again_when_a_transition_has_sent_it(
    ticks: list[Json], sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def chatter(job: Job, _word: str) -> None:
        for step in range(1_000):
            job.progress(step / 1_000, f"step {step}")
        with transitions.transition(sample_workflow.pk):
            pass
        assert ticks[-1]["message"] == "step 999"
        before = len(ticks)
        while progress.wait_for_reports(0):  # what the runner's heartbeat does
            progress.flush()
        assert len(ticks) == before

    sample_agent.on_spell = chatter
    run(limit=2)
    assert "broke" not in str(list(sample_workflow.events.values_list("data", flat=True)))


def test_every_message_of_progress_has_the_fields_of_the_contract(
    ticks: list[Json], sample_workflow: Workflow, run: Run
) -> None:
    run()
    fields = {
        "type",
        "workflow_id",
        "state",
        "progress",
        "stage",
        "message",
        "eta",
        "elapsed",
        "queue",
        "seq",
        "merged",
        "waiting_for",
        "tasks",
        "timestamp",
    }
    for tick in ticks:
        assert set(tick) == fields
        assert (tick["type"], tick["workflow_id"]) == ("progress", str(sample_workflow.pk))
        assert tick["merged"] == 0  # each is one message; the rooms count what they merge
        assert datetime.fromisoformat(tick["timestamp"]).tzinfo


def test_what_agents_report_is_kept(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> None:
    kept: list[float] = []

    def spell(job: Job, _word: str) -> None:
        job.progress(0.6, "more than half")
        progress.save()
        kept.append(sample_workflow.tasks.get(key="spell/1").progress)

    sample_agent.on_spell = spell
    run(limit=2)
    assert kept == [0.6]
    assert Workflow.objects.get(pk=sample_workflow.pk).message


@pytest.mark.parametrize("newer", [{"progress": 0.9}, {"state": "pausing"}], ids=["further", "in another state"])
def test_what_agents_report_does_not_overwrite_what_another_process_wrote_since(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, newer: Json
) -> None:
    row = Workflow.objects.filter(pk=sample_workflow.pk)
    kept: list[Json] = []

    def spell(job: Job, _word: str) -> None:
        job.progress(0.6, "more than half")
        row.update(message="newer", **newer)
        progress.save()
        kept.extend(row.values("message", *newer))

    sample_agent.on_spell = spell
    run(limit=2)
    assert kept == [{"message": "newer", **newer}]


def test_a_tasks_progress_is_only_ever_written_forward(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    task = sample_workflow.tasks.filter(key="spell/1")
    kept: list[float] = []

    def spell(job: Job, _word: str) -> None:
        job.progress(0.6, "more than half")
        task.update(progress=0.9)
        progress.save()
        kept.extend(task.values_list("progress", flat=True))

    sample_agent.on_spell = spell
    run(limit=2)
    assert kept == [0.9]


def test_another_process_shows_what_was_kept(
    sample_workflow: Workflow, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(limit=3)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)  # the time at work must not go on between the two
    here = snapshots.progress_message(Workflow.objects.get(pk=sample_workflow.pk))
    progress.forget(str(sample_workflow.pk))  # as in a process that does not carry it out
    there = snapshots.progress_message(Workflow.objects.get(pk=sample_workflow.pk))
    assert there["elapsed"] >= here["elapsed"]
    for message in (here, there):
        del message["timestamp"], message["elapsed"]
    assert there == here


def test_a_report_of_a_task_that_is_over_changes_nothing(
    ticks: list[Json], sample_workflow: Workflow, run: Run
) -> None:
    run(limit=2)
    before = len(ticks)
    progress.report(str(sample_workflow.pk), "cut", 0.1, "too late", attempt=1)
    progress.report("of no workflow", "cut", 0.1, "nowhere", attempt=1)
    progress.announce("of no workflow")
    assert len(ticks) == before


def test_there_is_no_time_left_while_nothing_runs(sample_workflow: Workflow, run: Run) -> None:
    run(limit=1)
    coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action="pause")
    assert snapshots.workflow_snapshot(sample_workflow)["eta"] is None


def test_a_rolled_back_transition_leaves_nothing_in_memory(sample_workflow: Workflow, run: Run) -> None:
    run(limit=2)
    before = facts_of(sample_workflow)

    def change_and_fail() -> None:
        with transitions.transition(sample_workflow.pk) as changed:
            changed.message = "never true"
            progress.set_message(str(changed.pk), "spell", "never true either")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert facts_of(sample_workflow) == before
    assert claims.claim_next("test") is not None
