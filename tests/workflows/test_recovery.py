"""What died with its process is taken up, once, and what it had done is not done again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.contract import Outcome
from agents.models import Agent
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent, Spelt
from workflows import attempts, coordinator, outcomes, recovery
from workflows.models import Attempt, Workflow
from workflows.outcomes import Claim


@pytest.fixture
def orphan(sample_workflow: Workflow, run: Run) -> Claim:
    """An attempt at the first word whose process is gone."""
    run(limit=1)
    claim = attempts.claim_next("here:1:old")
    assert claim
    return claim


def test_an_attempt_whose_lease_has_expired_is_lost_and_its_task_is_done_again(
    sample_workflow: Workflow, orphan: Claim, sample_agent: SampleAgent, run: Run
) -> None:
    Attempt.objects.filter(pk=orphan.attempt).update(lease_until=timezone.now() - timedelta(seconds=1))
    recovery.recover_lost()
    assert Attempt.objects.get(pk=orphan.attempt).state == "lost"
    run()
    sample_workflow.refresh_from_db()
    assert (sample_workflow.state, sample_agent.spelt) == ("completed", ["send", "more", "light"])


def test_a_living_lease_is_left_alone(orphan: Claim) -> None:
    recovery.recover_lost()
    assert Attempt.objects.get(pk=orphan.attempt).state == "running"


def test_the_next_runner_of_a_data_folder_takes_up_at_once_what_an_earlier_one_left(
    sample_workflow: Workflow, orphan: Claim, run: Run
) -> None:
    recovery.take_over(data_folder_id="here", runner="here:2:new")
    assert sample_workflow.events.get(kind="task_retrying").data["reason"] == "lost"
    assert run() == 4
    assert sample_workflow.tasks.get(key="cut").attempt_count == 1  # finished tasks are not repeated


def test_a_runner_of_another_data_folder_is_left_alone(orphan: Claim) -> None:
    recovery.take_over(data_folder_id="elsewhere", runner="elsewhere:1:new")
    assert Attempt.objects.get(pk=orphan.attempt).state == "running"


def test_a_late_result_of_a_lost_attempt_changes_nothing(sample_workflow: Workflow, orphan: Claim, run: Run) -> None:
    recovery.take_over(data_folder_id="here", runner="here:2:new")
    run()
    before = sample_workflow.events.count()
    outcomes.completed(orphan, Outcome(Spelt("too late")))
    assert sample_workflow.events.count() == before
    assert sample_workflow.tasks.get(key="spell/1").output == {"letters": "s-e-n-d"}


def test_a_task_that_takes_process_after_process_down_fails_in_the_end(sample_workflow: Workflow, run: Run) -> None:
    run(limit=1)
    for number in range(5):
        attempts.claim_next(f"here:{number}")
        recovery.take_over(data_folder_id="here", runner="here:next")
    failed = sample_workflow.tasks.get(key="spell/1")
    assert failed.state == "failed"
    assert "died 5 times" in str(failed.error)


def test_an_attempt_that_ignores_a_stop_is_given_up(sample_workflow: Workflow, orphan: Claim) -> None:
    Attempt.objects.filter(pk=orphan.attempt).update(stop_requested_at=timezone.now() - timedelta(minutes=1))
    recovery.recover_lost()
    assert Attempt.objects.get(pk=orphan.attempt).state == "lost"


def test_a_lost_attempt_no_longer_counts_as_the_agents_work(sample_workflow: Workflow, orphan: Claim) -> None:
    assert Agent.objects.get(name="clerk").in_flight == 1
    recovery.take_over(data_folder_id="here", runner="here:2:new")
    assert Agent.objects.get(name="clerk").in_flight == 0


def test_a_lost_attempt_of_a_cancelled_workflow_ends_the_cancelling(sample_workflow: Workflow, orphan: Claim) -> None:
    coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action="cancel")
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "cancelling"
    recovery.take_over(data_folder_id="here", runner="here:2:new")
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "cancelled"
