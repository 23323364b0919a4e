"""What people see of agents' reports: which fraction, which message, and what of it is saved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.contract import AgentError, Job
from tests.workflows.sample_pipeline import SampleAgent
from workflows import attempts, claims, coordinator, progress, snapshots
from workflows.models import Task, Workflow

Run = Callable[..., int]
Json = dict[str, Any]


def shown(workflow: Workflow) -> Json:
    """The current `progress` message."""
    return snapshots.progress_message(Workflow.objects.get(pk=workflow.pk))


def flush_all() -> None:
    """What the runner's heartbeat does, until nothing waits: the row's bound first, then the message."""
    while progress.wait_for_reports(0):
        progress.flush()


@pytest.fixture
def spelling(sample_workflow: Workflow, run: Run) -> Workflow:
    """A workflow that spells its first two words."""
    run(limit=1)
    for _ in range(2):
        assert claims.claim_next("test")
    return sample_workflow


@pytest.fixture
def failed(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Workflow:
    """A workflow that failed."""

    def refuse(_job: Job, _word: str) -> None:
        raise AgentError("I do not spell that word.")

    sample_agent.on_spell = refuse
    run()
    return sample_workflow


# --- fractions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reports", "fraction"),
    [([], 0.0), ([0.4, 0.6], 0.6), ([0.6, 0.4], 0.6), ([7.0], 1.0), ([-1.0], 0.0)],
    ids=["nothing", "forward", "backward", "too much", "too little"],
)
def test_a_running_task_is_as_far_as_the_furthest_report_said(
    spelling: Workflow, reports: list[float], fraction: float
) -> None:
    for report in reports:
        progress.report(str(spelling.pk), "spell/1", report, "", attempt=1)
    assert shown(spelling)["tasks"] == {"spell/1": fraction, "spell/2": 0.0}


def test_a_report_moves_the_progress_of_the_workflow(spelling: Workflow) -> None:
    before = shown(spelling)["progress"]
    for key in ("spell/1", "spell/2"):
        progress.report(str(spelling.pk), key, 1.0, "", attempt=1)
    flush_all()
    assert before < shown(spelling)["progress"] < 1.0


def test_a_workflow_takes_memory_only_where_an_attempt_of_it_runs(sample_workflow: Workflow, run: Run) -> None:
    run(limit=1)
    assert progress.latest_message(str(sample_workflow.pk)) is None
    assert claims.claim_next("test")
    assert progress.latest_message(str(sample_workflow.pk)) is not None


def test_a_workflow_that_was_deleted_takes_no_memory(spelling: Workflow) -> None:
    Workflow.objects.filter(pk=spelling.pk).delete()
    progress.report(str(spelling.pk), "spell/1", 0.5, "nothing is left of it", attempt=1)
    flush_all()
    assert progress.latest_message(str(spelling.pk)) is None


def test_nobody_is_woken_when_no_report_waits(spelling: Workflow) -> None:
    while progress.wait_for_reports(0):  # what is left of other workflows
        progress.flush()
    progress.report(str(spelling.pk), "spell/1", 0.0, "goes out at once", attempt=1)
    assert not progress.wait_for_reports(0)


# --- messages -------------------------------------------------------------------------------------


def test_the_message_with_which_a_task_ended_is_shown(sample_workflow: Workflow, run: Run) -> None:
    run(limit=2)
    assert shown(sample_workflow)["message"] == "Spelt send"


def test_a_report_without_a_message_leaves_the_one_that_is_shown(spelling: Workflow) -> None:
    progress.report(str(spelling.pk), "spell/1", 0.4, "Spelling s", attempt=1)
    progress.report(str(spelling.pk), "spell/1", 0.5, "", attempt=1)
    assert shown(spelling)["message"] == "Spelling s"


def test_a_message_of_another_stage_is_not_shown(spelling: Workflow) -> None:
    progress.report(str(spelling.pk), "spell/1", 0.4, "Spelling s", attempt=1)
    progress.set_message(str(spelling.pk), "cut", "Cut")
    assert shown(spelling)["message"] == "Spelling s"


def test_a_long_message_is_cut_to_what_can_be_saved(spelling: Workflow) -> None:
    progress.report(str(spelling.pk), "spell/1", 0.4, "x" * 1_000, attempt=1)
    progress.save()
    assert shown(spelling)["message"] == "x" * 500
    assert Workflow.objects.get(pk=spelling.pk).message == "x" * 500


def test_while_a_workflow_pauses_it_says_so_whatever_its_agents_say(spelling: Workflow) -> None:
    coordinator.control(workflow=spelling, by=spelling.owner, action="pause")
    progress.report(str(spelling.pk), "spell/1", 0.4, "Spelling s", attempt=1)
    assert shown(spelling)["message"] == "Pausing: what is in flight comes to its end"


def test_a_failed_workflow_shows_what_failed(failed: Workflow) -> None:
    assert shown(failed)["message"] == "I do not spell that word. 2 more failed."


@pytest.mark.parametrize(("action", "message"), [("cancel", "Cancelled"), ("retry", "Under way")])
def test_a_failed_workflow_shows_no_longer_what_failed_once_it_was_cancelled_or_retried(
    failed: Workflow, action: str, message: str
) -> None:
    coordinator.control(workflow=failed, by=failed.owner, action=action)
    assert shown(failed)["message"] == message


def test_a_pause_is_shown_when_another_process_runs_the_workflow_too(spelling: Workflow) -> None:
    progress.report(str(spelling.pk), "spell/1", 0.4, "Spelling s", attempt=1)
    progress.save()
    progress.forget(str(spelling.pk))  # as in a process that does not carry it out
    coordinator.control(workflow=spelling, by=spelling.owner, action="pause")
    assert shown(spelling)["message"] == "Pausing: what is in flight comes to its end"


# --- what is saved --------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_saved_again(spelling: Workflow) -> None:
    progress.report(str(spelling.pk), "spell/1", 0.5, "half", attempt=1)
    progress.save()
    with CaptureQueriesContext(connection) as queries:
        progress.save()
    assert len(queries) == 0


def test_only_the_task_that_reported_is_saved(spelling: Workflow, alice: User) -> None:
    coordinator.create(pipeline="telegram", given={"text": "a b"}, owner=alice)
    Task.objects.filter(key="cut").exclude(workflow=spelling).update(state="running")
    progress.report(str(spelling.pk), "spell/1", 0.5, "half", attempt=1)
    progress.save()
    saved = Task.objects.filter(progress__gt=0.0, progress__lt=1.0)
    assert [(task.workflow, task.key, task.progress) for task in saved] == [(spelling, "spell/1", 0.5)]


@pytest.mark.parametrize("state", ["ready", "failed", "cancelled"])
def test_a_task_that_another_process_ended_meanwhile_is_not_saved(spelling: Workflow, state: str) -> None:
    progress.report(str(spelling.pk), "spell/1", 0.5, "half", attempt=1)
    task = spelling.tasks.filter(key="spell/1")
    task.update(state=state)
    progress.save()
    assert task.get().progress == 0.0


def test_a_task_of_the_same_key_in_another_workflow_is_not_saved(
    spelling: Workflow, sample_agent: SampleAgent, alice: User
) -> None:
    other = coordinator.create(pipeline="telegram", given={"text": "a b"}, owner=alice)
    cut = claims.claim_next("test")
    assert cut
    attempts.perform(cut)
    assert claims.claim_next("test")
    progress.report(str(spelling.pk), "spell/1", 0.5, "half", attempt=1)
    progress.save()
    assert other.tasks.filter(key="spell/1").values("state", "progress").get() == {"state": "running", "progress": 0.0}
