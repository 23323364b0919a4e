"""Room is made as the settings say: takes that nobody chose first, then whole workflows, and never what is still at work."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AdminSession
from agents.contract import AgentError, ArtifactKind, Job
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator, retention
from workflows.models import Artifact, Workflow
from workflows.retention import Rules

TAKE_BYTES = 1_000_000


def keep_takes(job: Job, _word: str) -> None:
    """Keeps two takes, and one of them again as the chosen frame."""
    ids = []
    for name in ("take-1-first.jpg", "take-2-first.jpg"):
        path = job.workdir / name
        path.write_bytes(b"x" * TAKE_BYTES)
        ids.append(job.keep(path, name=name, kind=ArtifactKind.FRAME, media_type="image/jpeg"))
    job.keep(job.fetch(ids[1]), name="frame.jpg", kind=ArtifactKind.FRAME, media_type="image/jpeg")


@pytest.fixture
def done(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Workflow:
    """A completed workflow of Alice's, with two takes in each of three shots, one of which was chosen."""
    sample_agent.on_spell = keep_takes
    run()
    sample_workflow.refresh_from_db()
    return sample_workflow


@pytest.fixture
def age(done: Workflow) -> Callable[[float], None]:
    """Lets so many days pass since it ended."""

    def age(days: float) -> None:
        Workflow.objects.filter(pk=done.pk).update(finished_at=timezone.now() - timedelta(days=days))

    return age


def path_of(workflow: Workflow) -> Path:
    return Path(workflow.artifacts.get(name="telegram.txt").file.path)


def prune(rules: Rules, *, is_dry_run: bool = False) -> tuple[int, int, int]:
    """Workflows, artifacts and megabytes that went."""
    freed = retention.prune(rules, threading.Event(), is_dry_run=is_dry_run)
    return freed.workflows, freed.artifacts, round(freed.bytes / TAKE_BYTES)


# --- by age ------------------------------------------------------------------------------------


def test_nothing_is_deleted_by_itself_unless_that_is_set(done: Workflow, age: Callable[[float], None]) -> None:
    age(10_000)
    retention.enforce(threading.Event())
    assert Workflow.objects.filter(pk=done.pk).exists()


def test_what_ended_longer_ago_than_is_set_is_deleted_with_its_files(
    done: Workflow, age: Callable[[float], None], settings: Settings
) -> None:
    settings.RETENTION_DAYS = 30
    file = path_of(done)
    age(29.9)
    retention.enforce(threading.Event())
    assert file.exists()
    age(30.1)
    retention.enforce(threading.Event())
    assert not file.exists()
    assert not Workflow.objects.exists()


def test_what_was_retried_meanwhile_or_has_not_ended_is_kept(
    done: Workflow, age: Callable[[float], None], settings: Settings
) -> None:
    settings.RETENTION_DAYS = 30
    age(31)
    Workflow.objects.filter(pk=done.pk).update(state="running")
    retention.enforce(threading.Event())
    assert Workflow.objects.filter(pk=done.pk).exists()


def test_one_that_cannot_be_deleted_does_not_hold_up_the_others_and_pages_follow_each_other(
    sample_agent: SampleAgent, alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RETENTION_DAYS = 30
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for days in range(40, 45):
        made = coordinator.create(pipeline="telegram", given={"text": str(days)}, owner=alice)
        coordinator.control(workflow=made, by=alice, action="cancel")
        Workflow.objects.filter(pk=made.pk).update(finished_at=timezone.now() - timedelta(days=days))
    really = Workflow.delete

    def delete(workflow: Workflow) -> None:
        if workflow.title == "44":
            raise OSError("The disk is read-only.")
        really(workflow)

    monkeypatch.setattr(Workflow, "delete", delete)
    retention.enforce(threading.Event())
    assert list(Workflow.objects.values_list("title", flat=True)) == ["44"]


def test_a_runner_that_stops_deletes_no_more(done: Workflow, age: Callable[[float], None], settings: Settings) -> None:
    settings.RETENTION_DAYS = 30
    age(31)
    stopping = threading.Event()
    stopping.set()
    retention.enforce(stopping)
    assert Workflow.objects.filter(pk=done.pk).exists()


# --- takes first ----------------------------------------------------------------------------------


def test_takes_that_were_not_chosen_go_and_all_else_stays(
    done: Workflow, age: Callable[[float], None], settings: Settings
) -> None:
    settings.RETENTION_DAYS_OF_TAKES = 30
    age(29.9)
    retention.enforce(threading.Event())
    assert done.artifacts.filter(name="take-1-first.jpg").count() == 3
    age(30.1)
    retention.enforce(threading.Event())
    names = sorted(done.artifacts.values_list("name", flat=True))
    assert names == [*["frame.jpg"] * 3, *["take-2-first.jpg"] * 3, "telegram.txt"]
    assert all(Path(artifact.file.path).exists() for artifact in done.artifacts.all())
    assert len(list(path_of(done).parent.iterdir())) == 4


def test_what_tasks_left_that_came_to_no_end_goes(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def fail(job: Job, word: str) -> None:
        path = job.workdir / "half.txt"
        path.write_bytes(b"x" * TAKE_BYTES)
        job.keep(path, name="half.txt", kind=ArtifactKind.TEXT, media_type="text/plain")
        if word == "more":
            raise AgentError("Out of ink.")

    sample_agent.on_spell = fail
    run()
    assert prune(Rules(spare_days=1)) == (0, 0, 0)
    Workflow.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert prune(Rules(spare_days=1)) == (0, 1, 1)
    assert not Artifact.objects.filter(task__state="failed").exists()


def test_too_many_bytes_cost_unused_takes_first_and_then_the_oldest_workflows(
    done: Workflow, age: Callable[[float], None], alice: User, run: Run
) -> None:
    age(10)
    newer = coordinator.create(pipeline="telegram", given={"text": "later"}, owner=alice)
    run()
    assert retention.stored_bytes() // TAKE_BYTES == 8
    for most, gone in ((9, (0, 0, 0)), (6, (0, 3, 3)), (4, (1, 1, 4)), (4, (0, 0, 0))):
        rules = Rules(megabytes=most)
        assert prune(rules, is_dry_run=True) == gone, most
        assert prune(rules) == gone, most
    assert list(Workflow.objects.all()) == [newer]


def test_a_file_that_another_workflow_uses_frees_nothing(done: Workflow, alice: User, run: Run) -> None:
    coordinator.rerun(workflow=done, by=alice, from_task="join")
    run()
    Workflow.objects.filter(pk=done.pk).update(finished_at=timezone.now() - timedelta(days=9))
    assert prune(Rules(days=8)) == (1, 0, 0)
    assert prune(Rules(spare_days=1)) == (0, 0, 0)
    assert retention.stored_bytes() // TAKE_BYTES == 6


def test_only_workflows_of_the_states_that_are_named_go(done: Workflow, age: Callable[[float], None]) -> None:
    age(31)
    assert prune(Rules(days=30, states={"failed", "cancelled"})) == (0, 0, 0)
    assert prune(Rules(days=30, states={"completed"})) == (1, 0, 6)


# --- the command ----------------------------------------------------------------------------------


def test_the_command_says_what_it_would_delete_and_then_what_it_has_deleted(
    done: Workflow, age: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    age(31)
    AdminSession.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    call_command("prune", "--takes-days", "30", "--dry-run")
    assert capsys.readouterr().out == "Would delete 0 workflows and 3 unused artifacts of others: 3.0 of 6.0 MB.\n"
    assert Artifact.objects.filter(name="take-1-first.jpg").exists()
    assert AdminSession.objects.exists()
    call_command("prune", "--takes-days", "30", "--days", "60")
    assert capsys.readouterr().out == "Deleted 0 workflows and 3 unused artifacts of others: 3.0 of 6.0 MB.\n"
    assert not AdminSession.objects.exists()
    with pytest.raises(CommandError, match="'running' is no state of a workflow that has ended"):
        call_command("prune", "--states", "running")
