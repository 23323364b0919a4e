"""Attempts: what is claimed, for how long, how they stop, and what the agent may do meanwhile."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from agents.contract import ArtifactKind, Job, JobStopped
from agents.models import Agent
from tests.workflows.rows import set_columns
from tests.workflows.sample_pipeline import SampleAgent
from workflows import attempts, claims, coordinator, executions, outcomes, progress
from workflows.models import Artifact, Attempt, Workflow

Run = Callable[..., int]


class RemoteStorage(Storage):
    """A storage whose files are not on a local disk."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        return ContentFile(self._contents[name])

    def _save(self, name: str, content: "File[bytes]") -> str:
        self._contents[name] = content.read()
        return name

    def exists(self, name: str) -> bool:
        return name in self._contents


def keep(job: Job, text: str, name: str = "note.txt") -> str:
    path = job.workdir / name
    path.write_text(text)
    return job.keep(path, name=name, kind=ArtifactKind.SCRIPT, media_type="text/plain")


def errors_of(workflow: Workflow) -> str:
    return str([error for error in workflow.tasks.values_list("error", flat=True) if error])


# --- claiming -------------------------------------------------------------------------------------


def test_looking_for_work_takes_two_queries_when_there_is_none(sample_workflow: Workflow, run: Run) -> None:
    run()
    with CaptureQueriesContext(connection) as queries:
        assert claims.claim_next("test") is None
    assert len(queries) == 2  # what runs and which agents are free; whose turn it is


def test_looking_for_work_takes_no_lock_on_a_paused_workflow(sample_workflow: Workflow, alice: User, run: Run) -> None:
    run(limit=1)
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    with CaptureQueriesContext(connection) as queries:
        assert claims.claim_next("test") is None
    assert not [query for query in queries if "SELECT" not in query["sql"]]  # no transaction, no change


def test_people_see_all_of_a_step_before_a_later_step_begins(
    sample_agent: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    run(limit=1)
    set_columns(sample_workflow.tasks.filter(key="join"), state="ready", position=0)
    taken = [claims.claim_next("test") for _ in range(4)]
    assert [claim.task for claim in taken if claim] == ["spell/1", "spell/2", "spell/3", "join"]


def test_a_task_that_waits_is_claimed_when_its_wait_is_over(sample_workflow: Workflow, run: Run) -> None:
    run(limit=1)
    words = sample_workflow.tasks.filter(step="spell")
    set_columns(words, not_before=timezone.now() + timedelta(minutes=1))
    assert run() == 0
    set_columns(words, not_before=timezone.now() - timedelta(seconds=1))
    assert run() == 4


def test_what_an_agent_works_at_counts_from_the_claim_to_the_answer(sample_workflow: Workflow, run: Run) -> None:
    clerk = Agent.objects.filter(name="clerk")
    claim = claims.claim_next("test")
    assert claim
    assert clerk.values_list("in_flight", "message_count", "finished_count").get() == (1, 1, 0)
    attempts.perform(claim)
    assert clerk.values_list("in_flight", "message_count", "finished_count").get() == (0, 1, 1)


# --- leases ---------------------------------------------------------------------------------------


def test_a_lease_lasts_for_half_a_minute_from_the_claim(sample_workflow: Workflow) -> None:
    assert claims.claim_next("test")
    attempt = Attempt.objects.get()
    # The lease is on the database's clock, the start on this process's.
    assert timedelta(seconds=25) < attempt.lease_until - attempt.started_at < timedelta(seconds=35)


def test_a_process_renews_the_leases_of_its_own_attempts_only(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    run(limit=1)
    assert claims.claim_next("elsewhere")
    expired = timezone.now() - timedelta(minutes=1)
    renewed: list[list[str]] = []

    def renew(_job: Job, _word: str) -> None:
        Attempt.objects.update(lease_until=expired)
        attempts.renew_leases()
        lasting = Attempt.objects.filter(lease_until__gt=timezone.now() + timedelta(seconds=20))
        renewed.append(list(lasting.values_list("task__key", flat=True)))

    sample_agent.on_spell = renew
    run(limit=1)
    assert renewed == [["spell/2"]]


@pytest.mark.parametrize(
    "change",
    [{"stop_requested_at": timezone.now()}, {"state": "lost"}],
    ids=["asked to stop", "given up"],
)
def test_an_attempt_that_another_process_ended_or_asked_to_stop_stops_when_leases_are_renewed(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, change: dict[str, object]
) -> None:
    went_on: list[str] = []

    def ask_elsewhere(job: Job, word: str) -> None:
        attempts.renew_leases()
        job.checkpoint()  # it may go on so far
        Attempt.objects.filter(state="running").update(**change)
        attempts.renew_leases()
        job.checkpoint()
        went_on.append(word)

    sample_agent.on_spell = ask_elsewhere
    run(limit=2)
    assert went_on == []
    assert Attempt.objects.get(task__key="spell/1").state in ("interrupted", "lost")


def test_an_attempt_is_known_as_running_here_until_it_ends(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    running: list[list[int]] = []
    sample_agent.on_spell = lambda _job, _word: running.append(executions.running_here())
    run(limit=2)
    assert running == [[Attempt.objects.get(task__key="spell/1").pk]]
    assert executions.running_here() == []


# --- what the agent may do ------------------------------------------------------------------------


def test_an_agent_that_breaks_unexpectedly_is_tried_again(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def crash(_job: Job, _word: str) -> None:
        raise RuntimeError

    sample_agent.on_spell = crash
    run(limit=2)
    assert sample_workflow.tasks.get(key="spell/1").state == "ready"


def test_an_agent_that_stops_without_being_asked_to_has_failed_and_is_not_called_again_at_once(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def stop(_job: Job, _word: str) -> None:
        raise JobStopped

    sample_agent.on_spell = stop
    assert run() == 4  # each word once
    assert Attempt.objects.get(task__key="spell/1").state == "failed"
    assert "clerk stopped by itself." in str(Attempt.objects.get(task__key="spell/1").error)
    assert Agent.objects.get(name="clerk").consecutive_errors == 3


def test_a_report_of_an_attempt_that_was_lost_does_not_move_the_progress_of_the_next_one(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    shown: list[object] = []

    def report_too_late(job: Job, _word: str) -> None:
        outcomes.lost(Attempt.objects.get(task__key="spell/1"))
        following = claims.claim_next("elsewhere")
        assert following
        job.progress(0.9, "Still here")
        progress.report(str(sample_workflow.pk), following.task, 0.2, "From the start", attempt=following.number)
        message = progress.latest_message(str(sample_workflow.pk))
        assert message
        shown.append((message["tasks"], message["message"]))

    sample_agent.on_spell = report_too_late
    run(limit=2)
    assert shown == [({"spell/1": 0.2}, "From the start")]


def test_a_job_has_a_folder_of_its_own_even_where_there_was_no_data_folder_and_it_is_gone_afterwards(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "not" / "there"
    folders: list[Path] = []

    def write(job: Job, word: str) -> None:
        (job.workdir / word).touch(exist_ok=False)
        folders.append(job.workdir)

    sample_agent.on_spell = write
    run(limit=4)
    assert len(set(folders)) == 3
    assert not any(folder.exists() for folder in folders)


def test_a_job_that_is_to_stop_can_keep_no_artifact(
    sample_workflow: Workflow, sample_agent: SampleAgent, alice: User, run: Run
) -> None:
    def stop_and_keep(job: Job, _word: str) -> None:
        coordinator.control(workflow=sample_workflow, by=alice, action="pause", mode="now")
        keep(job, "too late")

    sample_agent.on_spell = stop_and_keep
    run(limit=2)
    assert not Artifact.objects.exists()


def test_a_job_reads_the_artifact_that_it_asks_for(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    read: list[str] = []

    def keep_two(job: Job, _word: str) -> None:
        ids = [keep(job, text, f"{text}.txt") for text in ("first", "second")]
        read.extend(job.fetch(artifact).read_text() for artifact in ids)

    sample_agent.on_spell = keep_two
    run(limit=2)
    assert read == ["first", "second"]


def test_a_job_cannot_read_an_artifact_of_another_workflow(
    sample_workflow: Workflow, sample_agent: SampleAgent, alice: User, run: Run
) -> None:
    kept: list[str] = []
    sample_agent.on_spell = lambda job, word: kept.append(keep(job, word))
    run()
    sample_agent.on_spell = lambda job, _word: kept.append(str(job.fetch(kept[0])))
    other = coordinator.create(pipeline="telegram", given={"text": "mine"}, owner=alice)
    run()
    assert len(kept) == 3
    assert "is missing" in errors_of(other)


def test_an_artifact_whose_file_is_gone_is_said_to_be_missing(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def lose(job: Job, word: str) -> None:
        artifact = Artifact.objects.get(pk=keep(job, word))
        Path(artifact.file.path).unlink()
        job.fetch(str(artifact.pk))

    sample_agent.on_spell = lose
    run()
    assert "An artifact that spell/1 needs is missing." in errors_of(sample_workflow)


@pytest.mark.parametrize("is_changed", [False, True])
def test_what_is_kept_again_as_it_was_fetched_takes_no_room(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, *, is_changed: bool
) -> None:
    def keep_twice(job: Job, word: str) -> None:
        path = job.fetch(keep(job, word))
        if is_changed:
            path.write_text("something else")
        job.keep(path, name="chosen.txt", kind=ArtifactKind.SCRIPT, media_type="text/plain")

    sample_agent.on_spell = keep_twice
    run(limit=2)
    first, chosen = Artifact.objects.order_by("created_at")
    assert (chosen.file.path == first.file.path) is not is_changed
    path = Path(chosen.file.path)
    first.delete()
    assert path.exists()  # whoever deletes one leaves the other
    chosen.delete()
    assert not path.exists()


def test_a_file_that_was_deleted_while_it_was_fetched_cannot_be_kept_again(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def keep_gone(job: Job, word: str) -> None:
        artifact = keep(job, word)
        path = job.fetch(artifact)
        copy = path.with_name("copy")
        shutil.copy2(path, copy)
        Artifact.objects.get(pk=artifact).delete()  # by another process
        copy.rename(path)
        job.keep(path, name="chosen.txt", kind=ArtifactKind.SCRIPT, media_type="text/plain")

    sample_agent.on_spell = keep_gone
    run(limit=2)
    assert "is missing" in errors_of(sample_workflow)
    assert not Artifact.objects.exists()


def test_an_artifact_in_a_remote_storage_is_copied_into_the_jobs_folder(
    sample_workflow: Workflow,
    sample_agent: SampleAgent,
    run: Run,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.STORAGES = {**settings.STORAGES, "artifacts": {"BACKEND": f"{__name__}.{RemoteStorage.__name__}"}}
    monkeypatch.setattr(Artifact._meta.get_field("file"), "storage", storages["artifacts"])
    read: list[tuple[str, bool]] = []

    def relay(job: Job, word: str) -> None:
        path = job.fetch(keep(job, word))
        read.append((path.read_text(), path.parent == job.workdir))

    sample_agent.on_spell = relay
    run(limit=2)
    assert read == [("send", True)]
