"""What died with its process is taken up, once, and what it had done is not done again."""

import os
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone
from pytest_django.fixtures import Settings

from agents.contract import Outcome
from agents.models import Agent, AgentSample
from tests.fixtures.workflows import Run
from tests.waiting import until, wait_for
from tests.workflows.rows import set_columns
from tests.workflows.sample_pipeline import SampleAgent, Spelt
from workflows import claims, coordinator, jobs, outcomes, recovery
from workflows.models import Artifact, Attempt, Workflow, artifact_storage
from workflows.outcomes import Claim
from workflows.runners import heartbeat
from workflows.runners.local import LocalRunner
from workflows.signals import progress_reported


@pytest.fixture
def orphan(sample_workflow: Workflow, run: Run) -> Claim:
    """An attempt at the first word whose process is gone."""
    run(limit=1)
    claim = claims.claim_next("here:1:old")
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


def test_a_new_runner_leaves_its_own_attempts_alone(orphan: Claim) -> None:
    recovery.take_over(data_folder_id="here", runner="here:1:old")
    assert Attempt.objects.get(pk=orphan.attempt).state == "running"


def test_attempts_that_ended_are_not_recovered_again(
    sample_workflow: Workflow, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    run(runner="here:1:old")
    recovery.take_over(data_folder_id="here", runner="here:2:new")
    recovery.recover_lost()
    assert [record for record in caplog.records if record.name == recovery.__name__] == []


@pytest.fixture
def left_file(sample_workflow: Workflow, orphan: Claim) -> Path:
    """A file of the lost attempt: its process died between writing it and recording it."""
    name = f"{sample_workflow.pk}/{uuid.uuid4()}.png"
    return Path(artifact_storage().path(artifact_storage().save(name, ContentFile(b"lost"))))


def age(path: Path) -> None:
    """Makes a file so old that it cannot be about to be recorded."""
    long_ago = time.time() - recovery.ABANDONED_SECONDS - 1
    os.utime(path, (long_ago, long_ago))


def test_files_that_a_crash_left_are_deleted_after_a_day(left_file: Path, orphan: Claim) -> None:
    half_written = left_file.with_name(".unfinished-abc")
    half_written.write_bytes(b"lo")
    outcomes.lost(Attempt.objects.get(pk=orphan.attempt))
    recovery.clear_away()
    assert (left_file.exists(), half_written.exists()) == (True, True)
    age(left_file)
    age(half_written)
    recovery.clear_away()
    assert (left_file.exists(), half_written.exists()) == (False, False)


def test_files_that_are_recorded_stay_also_where_another_workflow_took_them_over(
    left_file: Path, orphan: Claim, sample_workflow: Workflow, alice: User, run: Run
) -> None:
    outcomes.lost(Attempt.objects.get(pk=orphan.attempt))
    run()
    made = Artifact.objects.get()
    age(Path(made.file.path))
    recovery.clear_away()
    assert Path(made.file.path).exists()
    other = coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice)
    Artifact.objects.update(workflow=other, task=other.tasks.first())  # as one that reuses it
    recovery.clear_away()
    assert Path(made.file.path).exists()


@pytest.fixture
def old_file(left_file: Path, orphan: Claim) -> Path:
    """A file that a lost attempt left long ago."""
    outcomes.lost(Attempt.objects.get(pk=orphan.attempt))
    age(left_file)
    return left_file


async def test_a_runner_clears_away_by_itself(old_file: Path, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    runner = LocalRunner(threads=1)
    runner.start()
    await until(lambda: not old_file.exists())
    runner.stop()


def test_a_new_runner_deletes_the_work_folders_that_a_crash_left(
    sample_agent: SampleAgent, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    recovery.take_over(data_folder_id="here", runner="here:1")  # there may be none
    left = jobs.work_folder() / "left"
    left.mkdir(parents=True)
    (left / "half of a clip.mp4").touch()
    recovery.take_over(data_folder_id="here", runner="here:2")
    assert not left.exists()


def test_a_new_runner_completes_what_an_earlier_version_left_undone(sample_workflow: Workflow, run: Run) -> None:
    run(limit=1)
    set_columns(sample_workflow.tasks.filter(step="spell"), state="pending")
    assert run() == 0
    recovery.take_over(data_folder_id="here", runner="here:1")
    assert run() == 4


def test_a_new_runner_leaves_workflows_that_have_ended_alone(sample_workflow: Workflow, run: Run) -> None:
    run()
    heard: list[str] = []

    def listen(workflow_id: str, **_: object) -> None:
        heard.append(workflow_id)

    progress_reported.connect(listen)
    recovery.take_over(data_folder_id="here", runner="here:1")
    progress_reported.disconnect(listen)
    assert heard == []


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
        claims.claim_next(f"here:{number}")
        recovery.take_over(data_folder_id="here", runner="here:next")
    failed = sample_workflow.tasks.get(key="spell/1")
    assert failed.state == "failed"
    assert failed.error
    assert failed.error["type"] == "WorkerLost"
    assert "died 5 times" in failed.error["message"]


def test_the_log_says_why_an_attempt_counts_as_lost(orphan: Claim, caplog: pytest.LogCaptureFixture) -> None:
    Attempt.objects.filter(pk=orphan.attempt).update(lease_until=timezone.now() - timedelta(minutes=1))
    recovery.recover_lost()
    assert "The lease ran out; the attempt counts as lost." in caplog.messages


def test_an_attempt_whose_workflow_is_deleted_meanwhile_does_not_keep_the_others_from_recovery(
    sample_workflow: Workflow, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice)
    for _ in range(2):
        assert claims.claim_next("here")
    Attempt.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    lost = outcomes.lost

    def lost_too_late(attempt: Attempt) -> None:
        Workflow.objects.filter(pk=sample_workflow.pk).delete()
        lost(attempt)

    monkeypatch.setattr(outcomes, "lost", lost_too_late)
    recovery.recover_lost()
    assert [attempt.state for attempt in Attempt.objects.filter(task__workflow=other)] == ["lost"]


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


def test_a_runner_thins_what_agents_did_long_ago(sample_agent: SampleAgent) -> None:
    clerk, moment = Agent.objects.get(name="clerk"), timezone.now().replace(minute=5, second=0, microsecond=0)
    for days in (1, 3, 31):
        AgentSample.objects.create(agent=clerk, minute=moment - timedelta(days=days), calls=1)
    stopping = threading.Event()
    thread = heartbeat.start_clearing(stopping)
    wait_for(lambda: set(AgentSample.objects.values_list("seconds", flat=True)) == {60, 900})
    stopping.set()
    thread.join()
    assert AgentSample.objects.count() == 2
