"""What happens when many share a coordinator: turns, limits, capacity, and workflows that are broken."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from agents.models import Agent
from tests.fixtures.workflows import Kinds, Run
from tests.workflows.rows import set_columns
from tests.workflows.sample_pipeline import SampleAgent
from workflows import attempts, claims, coordinator, graph_cache, outcomes, progress, recovery, snapshots
from workflows.errors import StorageLimitExceeded, TooManyWorkflows
from workflows.models import Attempt, Workflow
from workflows.signals import work_became_ready

Start = Callable[[User, str], Workflow]


@pytest.fixture
def start(sample_agent: SampleAgent) -> Start:
    """Starts a workflow of the sample pipeline."""
    return lambda owner, text: coordinator.create(pipeline="telegram", given={"text": text}, owner=owner)


def owner_of_next() -> User | None:
    """Whose task is claimed next."""
    claim = claims.claim_next("test")
    return Workflow.objects.get(pk=claim.workflow).owner if claim else None


# --- turns ----------------------------------------------------------------------------------------


def test_a_thread_that_is_alone_serves_all_users_in_turn(start: Start, alice: User, bob: User, run: Run) -> None:
    start(alice, "a b c d")
    start(bob, "e f g h")
    run(limit=8)
    owners = Attempt.objects.order_by("pk").values_list("task__workflow__owner__username", flat=True)
    assert list(owners) == ["alice", "bob"] * 4


def test_of_equals_it_is_not_the_turn_of_the_user_who_was_just_served(
    start: Start, alice: User, bob: User, run: Run
) -> None:
    start(alice, "a b")
    start(bob, "c d")
    run(limit=1)
    served = claims.claim_next("test", served=alice.pk)
    assert served
    assert served.owner == bob.pk
    assert owner_of_next() == alice


def test_a_user_with_many_workflows_does_not_delay_anothers(start: Start, alice: User, bob: User) -> None:
    for _ in range(3):
        start(alice, "a b")
    start(bob, "c")
    assert [owner_of_next() for _ in range(4)] == [alice, bob, alice, alice]


def test_a_user_with_a_huge_workflow_does_not_delay_anothers(start: Start, alice: User, bob: User, run: Run) -> None:
    start(alice, "word " * 300)
    run(limit=1)
    start(bob, "c d")
    assert owner_of_next() == alice  # the older one
    assert owner_of_next() == bob


def test_of_a_users_workflows_the_one_with_the_least_in_flight_comes_first(start: Start, alice: User, run: Run) -> None:
    first = start(alice, "a b c")
    run(limit=1)
    second = start(alice, "d")
    served = [claim.workflow for _ in range(2) if (claim := claims.claim_next("test"))]
    assert served == [str(first.pk), str(second.pk)]


def test_no_number_of_tasks_for_a_busy_agent_hides_a_free_agents_task(
    start: Start, alice: User, bob: User, run: Run
) -> None:
    start(alice, "word " * 120)
    run(limit=1)
    other = start(bob, "c")
    claim = claims.claim_next("test", skills={"cut"})
    assert claim
    assert claim.workflow == str(other.pk)


# --- capacity -------------------------------------------------------------------------------------


def test_capacity_is_counted_from_what_runs_and_not_from_what_was_noted(
    start: Start, alice: User, run: Run, sample_agent: SampleAgent
) -> None:
    Agent.objects.update(max_concurrent=2, in_flight=2)  # as a process that died would leave it
    start(alice, "a b c")
    run(limit=1)
    claimed = [claims.claim_next(f"runner {number}") for number in range(3)]
    assert [bool(claim) for claim in claimed] == [True, True, False]


def test_two_processes_cannot_take_the_same_slot_of_an_agent(start: Start, alice: User, run: Run) -> None:
    start(alice, "a b")
    run(limit=1)
    claims.claim_next("one")
    claims.claim_next("two")
    first, second = Attempt.objects.filter(state="running")
    with pytest.raises(IntegrityError):
        Attempt.objects.filter(pk=first.pk).update(slot=second.slot)


def test_a_task_cannot_run_twice_at_once(start: Start, alice: User, run: Run) -> None:
    start(alice, "a")
    run(limit=1)
    claim = claims.claim_next("one")
    assert claim
    running = Attempt.objects.get(pk=claim.attempt)
    running.pk, running.number, running.slot = None, 9, 99
    with pytest.raises(IntegrityError):
        running.save(force_insert=True)


def test_capacity_that_becomes_free_is_announced_to_workflows_that_wait_for_it(
    start: Start, alice: User, bob: User, run: Run
) -> None:
    Agent.objects.update(max_concurrent=1)
    start(alice, "")  # nothing follows its first task but the join
    start(bob, "b")
    claim = claims.claim_next("test")
    assert claim
    assert claims.claim_next("test") is None
    announced = threading.Event()
    receiver = lambda **_: announced.set()  # noqa: E731 - kept, because signals hold receivers weakly
    work_became_ready.connect(receiver)
    attempts.perform(claim)
    work_became_ready.disconnect(receiver)
    assert announced.is_set()


# --- limits ---------------------------------------------------------------------------------------


def test_the_limit_of_active_workflows_holds_for_requests_at_once(
    start: Start, alice: User, settings: Settings
) -> None:
    settings.ACTIVE_WORKFLOWS_PER_USER = 3

    def try_to_start(_number: int) -> bool:
        try:
            start(alice, "a")
        except TooManyWorkflows:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(try_to_start, range(8))) == 3
    assert Workflow.objects.count() == 3


@pytest.mark.covers("error_too_many_workflows")
def test_a_user_may_start_so_many_workflows_an_hour(
    start: Start, alice: User, bob: User, run: Run, settings: Settings
) -> None:
    settings.WORKFLOWS_PER_HOUR = 2
    first = start(alice, "a")
    start(alice, "b")
    run()
    Workflow.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(minutes=50))
    with pytest.raises(TooManyWorkflows, match="within an hour") as refusal:
        start(alice, "c")
    assert 9 * 60 < (refusal.value.retry_after or 0) <= 10 * 60
    start(bob, "c")
    Workflow.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(minutes=61))
    start(alice, "c")


@pytest.mark.covers("error_storage_limit_exceeded")
def test_a_user_whose_files_take_all_their_room_starts_no_workflow(
    start: Start, alice: User, bob: User, run: Run
) -> None:
    workflow = start(alice, "a")
    run()
    workflow.artifacts.update(size=30_000_000_000)
    with pytest.raises(StorageLimitExceeded, match="30,000 MB of at most 20,000 MB"):
        start(alice, "b")
    start(bob, "b")


@pytest.mark.covers("error_too_many_tasks")
def test_a_plan_that_grows_beyond_the_limit_fails_with_a_sentence(
    start: Start, alice: User, run: Run, settings: Settings
) -> None:
    settings.TASKS_PER_WORKFLOW = 10
    workflow = start(alice, "word " * 9)
    run()
    workflow.refresh_from_db()
    assert workflow.state == "failed"
    assert "11 tasks; at most 10 are allowed" in str(workflow.error)


# --- broken workflows -----------------------------------------------------------------------------


@pytest.fixture
def renamed(start: Start, alice: User, run: Run) -> Workflow:
    """A workflow in the middle of its work, whose pipeline the next version has no more."""
    workflow = start(alice, "a b")
    run(limit=2)
    Workflow.objects.filter(pk=workflow.pk).update(pipeline="of yesterday")
    graph_cache.forget(str(workflow.pk))
    return workflow


@pytest.mark.covers("error_workflow_broken")
def test_a_workflow_of_an_unknown_pipeline_fails_alone_with_a_sentence(
    renamed: Workflow, start: Start, bob: User, run: Run, kinds: Kinds
) -> None:
    other = start(bob, "c")
    assert run() == 3
    renamed.refresh_from_db()
    other.refresh_from_db()
    assert (renamed.state, other.state) == ("failed", "completed")
    assert renamed.error == {
        "type": "WorkflowBroken",
        "message": "There is no pipeline 'of yesterday' any more.",
        "retryable": False,
    }
    assert kinds(renamed)[-1] == "workflow_failed"
    assert snapshots.workflow_snapshot(renamed)["message"] == renamed.error["message"]


def test_a_workflow_of_an_unknown_pipeline_can_be_cancelled(renamed: Workflow, alice: User) -> None:
    control = coordinator.control(workflow=renamed, by=alice, action="cancel")
    renamed.refresh_from_db()
    assert (control.outcome, renamed.state) == ("applied", "cancelled")


def test_a_workflow_of_an_unknown_pipeline_is_recovered_from_a_lost_process(
    start: Start, alice: User, run: Run
) -> None:
    workflow = start(alice, "a b")
    claim = claims.claim_next("here:1")
    assert claim
    Workflow.objects.filter(pk=workflow.pk).update(pipeline="of yesterday")
    graph_cache.forget(str(workflow.pk))
    recovery.take_over(data_folder_id="here", runner="here:2")
    workflow.refresh_from_db()
    assert workflow.state == "failed"


def test_a_result_of_a_workflow_of_an_unknown_pipeline_is_stored(
    start: Start, alice: User, sample_agent: SampleAgent
) -> None:
    workflow = start(alice, "a b")
    claim = claims.claim_next("test")
    assert claim
    Workflow.objects.filter(pk=workflow.pk).update(pipeline="of yesterday")
    graph_cache.forget(str(workflow.pk))
    attempts.perform(claim)
    workflow.refresh_from_db()
    assert workflow.state == "failed"
    assert workflow.tasks.get(key="cut").output == {"title": "", "words": ["a", "b"]}


def test_a_task_of_an_unknown_step_fails_its_workflow_alone(start: Start, alice: User, bob: User, run: Run) -> None:
    workflow, other = start(alice, "a"), start(bob, "b")
    set_columns(workflow.tasks.filter(key="cut"), step="of yesterday")
    run()
    workflow.refresh_from_db()
    other.refresh_from_db()
    assert (workflow.state, other.state) == ("failed", "completed")
    assert "has no step 'of yesterday' any more" in str(workflow.error)


@pytest.mark.parametrize("damage", [{"stages": []}, {"stages": {"Cut": 7, "Spell": None}}, {"input": []}])
def test_a_damaged_workflow_fails_alone(damage: dict[str, Any], start: Start, alice: User, bob: User, run: Run) -> None:
    workflow, other = start(alice, "a b"), start(bob, "b")
    Workflow.objects.filter(pk=workflow.pk).update(**damage)
    progress.forget(str(workflow.pk))
    run()
    workflow.refresh_from_db()
    other.refresh_from_db()
    assert (workflow.state, other.state) == ("failed", "completed")
    assert "WorkflowBroken" in str(workflow.error)
    assert snapshots.workflow_snapshot(workflow)["error"]


def test_a_damaged_output_fails_the_task_that_needs_it(start: Start, alice: User, bob: User, run: Run) -> None:
    workflow, other = start(alice, "a b"), start(bob, "b")
    run(limit=1)
    set_columns(workflow.tasks.filter(key="spell/1"), item={"of": "another version"})
    run()
    workflow.refresh_from_db()
    other.refresh_from_db()
    assert (workflow.state, other.state) == ("failed", "completed")


def test_tasks_follow_a_skill_that_was_renamed(start: Start, alice: User, run: Run) -> None:
    workflow = start(alice, "a")
    set_columns(workflow.tasks.filter(key="cut"), skill="of yesterday")
    assert run() == 0
    recovery.take_over(data_folder_id="here", runner="here:1")
    run()
    workflow.refresh_from_db()
    assert workflow.state == "completed"


# --- counts that begin anew -----------------------------------------------------------------------


def test_a_workflow_that_was_paused_before_its_start_says_that_it_started_when_it_is_resumed(
    start: Start, alice: User, run: Run, kinds: Kinds
) -> None:
    workflow = start(alice, "a")
    for action in ("pause", "resume"):
        coordinator.control(workflow=workflow, by=alice, action=action)
    run()
    assert kinds(workflow).count("workflow_started") == 1
    assert snapshots.workflow_snapshot(workflow)["started_at"]


def test_after_a_manual_retry_lost_attempts_count_anew(start: Start, alice: User) -> None:
    workflow = start(alice, "a")

    def lose() -> None:
        claim = claims.claim_next("test")
        assert claim
        outcomes.lost(Attempt.objects.select_related("task").get(pk=claim.attempt))

    for _ in range(outcomes.LOSSES_LIMIT):
        lose()
    workflow.refresh_from_db()
    assert workflow.state == "failed"
    coordinator.control(workflow=workflow, by=alice, action="retry")
    lose()
    workflow.refresh_from_db()
    assert workflow.state == "running"


def test_an_owner_that_is_deleted_leaves_no_trace_in_counts_or_files(
    start: Start, alice: User, run: Run, sample_agent: SampleAgent
) -> None:
    finished = start(alice, "a")
    run()
    path = Path(finished.artifacts.get().file.path)
    assert path.exists()
    start(alice, "b")
    claim = claims.claim_next("test")
    assert claim
    alice.delete()
    attempts.perform(claim)  # its result has no place any more
    assert Agent.objects.get(name=sample_agent.name).in_flight == 0
    assert not path.exists()


# --- what a task costs ----------------------------------------------------------------------------


@pytest.fixture
def statements_of_a_task(
    start: Start, alice: User, run: Run, sample_agent: SampleAgent, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], int]:
    """How many statements the database gets between one task and the next, in a workflow of so many tasks.

    BEGIN and COMMIT are not counted; nor is what is written so many times a second, however many tasks there are.
    """
    monkeypatch.setattr("agents.metrics.FLUSH_SECONDS", 60.0)

    def count(words: int) -> int:
        start(alice, "word " * words)
        run(limit=2)
        counts: list[int] = []
        with CaptureQueriesContext(connection) as queries:
            sample_agent.on_spell = lambda _job, _word: counts.append(len(statements(queries)))
            run(limit=7)
        Workflow.objects.all().delete()
        return min(after - before for before, after in pairwise(counts))

    return count


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Those that read or write."""
    return [query["sql"] for query in queries if query["sql"].startswith(("SELECT", "UPDATE", "INSERT", "\n"))]


def test_the_cost_of_a_task_in_queries_does_not_depend_on_how_many_tasks_there_are(
    statements_of_a_task: Callable[[int], int],
) -> None:
    assert statements_of_a_task(300) == statements_of_a_task(10)


def test_a_task_costs_at_most_ten_queries(statements_of_a_task: Callable[[int], int]) -> None:
    assert statements_of_a_task(10) <= 10


def test_a_stop_between_the_claim_and_its_opening_is_not_missed(start: Start, alice: User, run: Run) -> None:
    workflow = start(alice, "a b c")
    run(limit=1)
    claim = claims.claim_next("test")
    assert claim
    coordinator.control(workflow=workflow, by=alice, action="pause", mode="now")
    attempts.perform(claim)
    assert Attempt.objects.get(pk=claim.attempt).state == "interrupted"
