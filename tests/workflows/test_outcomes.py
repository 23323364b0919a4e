"""The outcome of an attempt: what is stored of it, which events it makes, and what becomes of its task."""

import errno
import os
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from agents.contract import AgentError, Job, UnusableInput
from agents.models import Agent
from tests.fixtures.clock import Clock
from tests.workflows.rows import set_columns
from tests.workflows.sample_pipeline import SampleAgent
from workflows import attempts, claims, coordinator, outcomes, progress
from workflows.models import Attempt, Workflow
from workflows.outcomes import Claim

Run = Callable[..., int]
Kinds = Callable[[Workflow], list[str]]


@pytest.fixture
def claim(sample_workflow: Workflow, run: Run) -> Claim:
    """An attempt at the first word that has been claimed."""
    run(limit=1)
    claim = claims.claim_next("test")
    assert claim
    return claim


def fail_with(sample_agent: SampleAgent, error: AgentError) -> None:
    """From now on each `spell` job fails."""

    def fail(_job: Job, _word: str) -> None:
        raise error

    sample_agent.on_spell = fail


def test_an_attempt_has_an_end_and_the_seconds_that_it_took(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    fail_with(sample_agent, AgentError("No."))
    run(limit=2)
    completed, failed = Attempt.objects.order_by("pk")
    assert (completed.state, failed.state) == ("completed", "failed")
    for attempt in (completed, failed):
        assert attempt.seconds is not None
        assert attempt.seconds > 0
        assert attempt.finished_at is not None
        assert attempt.finished_at >= attempt.started_at
    assert completed.error is None
    assert failed.error == {"type": "AgentError", "message": "No.", "retryable": False}


def test_a_passing_fault_is_tried_again_after_a_wait_that_doubles(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "jitter", Random(7))
    shares = Random(7)
    fail_with(sample_agent, AgentError("The line is busy.", retryable=True))
    run(limit=1)
    set_columns(sample_workflow.tasks.exclude(key="spell/1").filter(step="spell"), state="cancelled")
    for _ in range(3):
        run(limit=1)
        set_columns(sample_workflow.tasks.all(), not_before=None)
    retried = [event.data for event in sample_workflow.events.filter(kind="task_retrying").order_by("seq")]
    waits = [round(seconds * shares.uniform(0.5, 1.0), 3) for seconds in (1, 2)]
    assert [(data["reason"], data["delay_seconds"]) for data in retried] == [("error", wait) for wait in waits]
    assert sample_workflow.tasks.get(key="spell/1").failure_count == 3


def test_tasks_that_fail_together_do_not_come_back_together(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    fail_with(sample_agent, AgentError("The line is busy.", retryable=True, retry_after=600.0))
    run()
    waits = {event.data["delay_seconds"] for event in sample_workflow.events.filter(kind="task_retrying")}
    assert len(waits) == 3
    assert all(600.5 <= wait <= 601 for wait in waits)


def test_an_agent_that_says_when_to_come_back_is_not_asked_before(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    fail_with(sample_agent, AgentError("The line is busy.", retryable=True, retry_after=600.0))
    run(limit=2)
    assert sample_workflow.events.get(kind="task_retrying").data["delay_seconds"] > 600.0
    not_before = sample_workflow.tasks.get(key="spell/1").not_before
    assert not_before is not None
    assert not_before > timezone.now() + timedelta(seconds=500)


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_a_full_disk_is_named_and_given_time_to_be_cleared(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, is_wrapped: bool
) -> None:
    def write(_job: Job, _word: str) -> None:
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if is_wrapped:
            raise AgentError("The picture could not be drawn.") from full
        raise full

    sample_agent.on_spell = write
    run(limit=2)
    retrying = sample_workflow.events.get(kind="task_retrying").data
    assert retrying["delay_seconds"] > 20.0
    assert "disk of the server is full" in retrying["error"]["message"]


def test_an_error_counts_as_the_agents(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> None:
    fail_with(sample_agent, AgentError("No."))
    run(limit=2)
    clerk = Agent.objects.get(name="clerk")
    assert (clerk.in_flight, clerk.error_count, clerk.consecutive_errors, clerk.last_error) == (0, 1, 1, "No.")


def test_a_workflow_that_failed_says_what_failed_first_and_how_much_else(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    fail_with(sample_agent, UnusableInput("The line is busy.", retryable=True))  # its agent stays healthy
    for _ in range(3):
        run()
        set_columns(sample_workflow.tasks.all(), not_before=None)
    sample_workflow.refresh_from_db()
    error = {"type": "AgentError", "message": "The line is busy. 2 more failed.", "retryable": True}
    assert (sample_workflow.state, sample_workflow.error) == ("failed", error)
    assert sample_workflow.message == error["message"]
    assert sample_workflow.events.get(kind="workflow_failed").data["error"] == error


def test_a_cancelled_workflow_does_not_try_its_tasks_again(
    sample_workflow: Workflow, claim: Claim, kinds: Kinds
) -> None:
    coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action="cancel")
    attempts.perform(claim)
    assert kinds(sample_workflow)[-1] == "control_resolved"
    assert "task_retrying" not in kinds(sample_workflow)
    assert Attempt.objects.get(pk=claim.attempt).state == "interrupted"


def test_an_attempt_is_lost_once_whoever_notices_it(sample_workflow: Workflow, claim: Claim, kinds: Kinds) -> None:
    attempt = Attempt.objects.get(pk=claim.attempt)
    for _ in range(2):
        outcomes.lost(attempt)
    assert kinds(sample_workflow).count("task_retrying") == 1
    assert Agent.objects.get(name="clerk").in_flight == 0


def test_only_lost_attempts_count_as_lost(sample_workflow: Workflow, claim: Claim) -> None:
    for _ in range(outcomes.LOSSES_LIMIT):
        outcomes.interrupted(claim, "restart")
        following = claims.claim_next("test")
        assert following
        claim = following
    assert claim.number > outcomes.LOSSES_LIMIT
    outcomes.lost(Attempt.objects.get(pk=claim.attempt))
    assert sample_workflow.tasks.get(key="spell/1").state == "ready"


def test_an_attempt_takes_the_seconds_between_its_claim_and_its_end(
    clock: Clock, sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    sample_agent.on_spell = lambda _job, _word: clock.pass_time(2.5)
    run(limit=2)
    assert Attempt.objects.get(task__key="spell/1").seconds == pytest.approx(2.5)
    finished = sample_workflow.events.filter(kind="task_finished").latest("seq")
    assert finished.data["seconds"] == 2.5


def test_a_completed_task_is_at_one_and_a_failed_one_at_nought(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    fail_with(sample_agent, AgentError("No."))
    run(limit=2)
    assert sample_workflow.tasks.get(key="cut").progress == 1.0
    assert sample_workflow.tasks.get(key="spell/1").progress == 0.0


def test_a_task_that_is_done_again_begins_at_nought(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def break_off(job: Job, _word: str) -> None:
        job.progress(0.6, "more than half")
        progress.save()
        raise AgentError("The line is busy.", retryable=True)

    sample_agent.on_spell = break_off
    run(limit=2)
    task = sample_workflow.tasks.filter(key="spell/1")
    assert task.values_list("state", "progress").get() == ("ready", 0.0)
    set_columns(task, not_before=None)
    assert claims.claim_next("test")
    assert task.values_list("state", "progress").get() == ("running", 0.0)


def test_what_is_made_gives_the_workflow_its_title(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, alice: User
) -> None:
    sample_agent.title = " The  Lamp\n" + "x" * 300
    run(limit=1)
    sample_workflow.refresh_from_db()
    assert sample_workflow.title == ("The Lamp " + "x" * 300)[:200]
    assert sample_workflow.events.get(kind="workflow_titled").data == {"title": sample_workflow.title}
    run()
    redone = coordinator.rerun(workflow=sample_workflow, by=alice, from_task="spell/1")
    assert redone.title == sample_workflow.title
    anew = coordinator.rerun(workflow=sample_workflow, by=alice, from_task="cut")
    assert anew.title == "send more light"


def test_without_a_name_the_title_stays(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, kinds: Kinds
) -> None:
    sample_agent.title = "send more light"
    run(limit=1)
    assert "workflow_titled" not in kinds(sample_workflow)
