"""What an agent has done survives a database that does not answer for a while."""

from itertools import count
from pathlib import Path
from threading import Event

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.utils import timezone

from agents.contract import AgentError, ArtifactKind, Job, Outcome
from tests.fixtures.database import Locked, Outage
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent, Spelt
from workflows import executions, outcomes, progress, recovery, watchdog
from workflows.models import Artifact, Attempt, Workflow
from workflows.runners import heartbeat
from workflows.runners.heartbeat import PeriodicCall
from workflows.signals import event_recorded


def keep(job: Job, text: str = "note", name: str = "note.txt") -> str:
    path = job.workdir / name
    path.write_text(text)
    return job.keep(path, name=name, kind=ArtifactKind.SCRIPT, media_type="text/plain")


def text_of(artifact: Artifact) -> str:
    return Path(artifact.file.path).read_text()


# --- outcomes -------------------------------------------------------------------------------------


def test_a_result_is_stored_as_soon_as_the_database_answers_again(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, outage: Outage
) -> None:
    run(limit=1)
    sample_agent.on_spell = lambda _job, _word: outage.begin()
    run(limit=1)
    assert outage.was_noticed
    task = sample_workflow.tasks.get(key="spell/1")
    assert (task.state, task.output, task.attempt_count) == ("completed", {"letters": "s-e-n-d"}, 1)
    assert sample_workflow.events.filter(kind="task_finished", data__task="spell/1").count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="test_on_postgresql.py runs it")
def test_a_result_survives_a_connection_that_breaks(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def break_connections(job: Job, word: str) -> None:
        ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute(ours)
        keep(job, word)

    run(limit=1)
    sample_agent.on_spell = break_connections
    run(limit=1)
    assert text_of(Artifact.objects.get()) == "send"

    def break_connections_and_fail(job: Job, word: str) -> None:
        break_connections(job, word)
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    sample_agent.on_spell = break_connections_and_fail
    run(limit=1)
    assert sample_workflow.tasks.filter(state="completed").count() == 3


def test_an_error_and_a_stop_are_stored_likewise(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, outage: Outage
) -> None:
    def fail(_job: Job, _word: str) -> None:
        outage.begin()
        raise AgentError("No.")

    run(limit=1)
    sample_agent.on_spell = fail
    run(limit=1)
    assert Attempt.objects.get(task__key="spell/1").state == "failed"

    def stop(job: Job, _word: str) -> None:
        outage.begin()
        executions.stop(executions.running_here())
        job.checkpoint()

    sample_agent.on_spell = stop
    run(limit=1)
    assert Attempt.objects.get(task__key="spell/2").state == "interrupted"


def test_the_lease_of_an_attempt_is_kept_while_its_result_waits_for_the_database(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, outage: Outage
) -> None:
    kept: list[list[int]] = []
    run(limit=1)
    sample_agent.on_spell = lambda _job, _word: outage.begin()
    outage.at_end = lambda: kept.append(executions.running_here())
    run(limit=1)
    assert kept == [[Attempt.objects.get(task__key="spell/1").pk]]


def test_a_result_that_waits_for_the_database_is_void_once_another_process_has_taken_over(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, outage: Outage
) -> None:
    run(limit=1)
    sample_agent.on_spell = lambda _job, _word: outage.begin()
    outage.at_end = lambda: outcomes.lost(Attempt.objects.get(task__key="spell/1"))
    run(limit=1)
    task = sample_workflow.tasks.get(key="spell/1")
    assert (task.state, task.output, Attempt.objects.get(task=task).state) == ("ready", None, "lost")


def test_a_result_that_waits_for_the_database_is_stored_even_if_its_server_is_about_to_end(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, outage: Outage
) -> None:
    run(limit=1)
    sample_agent.on_spell = lambda _job, _word: outage.begin()
    outage.at_end = watchdog.end_all
    run(limit=1)
    assert sample_workflow.tasks.get(key="spell/1").state == "completed"


def test_a_process_does_not_lose_its_own_attempts_to_leases_that_an_outage_let_expire(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def outlast(_job: Job, _word: str) -> None:
        Attempt.objects.filter(task__key="spell/1").update(lease_until=timezone.now())
        recovery.recover_lost()

    run(limit=1)
    sample_agent.on_spell = outlast
    run(limit=1)
    assert Attempt.objects.get(task__key="spell/1").state == "completed"


def test_a_result_of_a_workflow_that_was_deleted_meanwhile_is_dropped(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def delete(_job: Job, _word: str) -> None:
        sample_workflow.delete()

    run(limit=1)
    sample_agent.on_spell = delete
    assert run(limit=1) == 1
    assert executions.running_here() == []


def test_a_result_that_no_database_can_store_is_an_error_of_the_agent(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(limit=1)
    monkeypatch.setattr(sample_agent, "perform", lambda _job: Outcome(Spelt("s"), "half of a character: \ud800"))
    run(limit=1)
    attempt = Attempt.objects.get(task__key="spell/1")
    assert attempt.state == "failed"
    assert "cannot be stored" in str(attempt.error)


# --- artifacts ------------------------------------------------------------------------------------


def test_an_artifact_is_kept_as_soon_as_the_database_answers_again(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, outage: Outage
) -> None:
    def keep_in_an_outage(job: Job, _word: str) -> None:
        outage.begin()
        keep(job, "it was worth it")

    run(limit=1)
    sample_agent.on_spell = keep_in_an_outage
    run(limit=1)
    assert outage.was_noticed
    assert text_of(Artifact.objects.get()) == "it was worth it"
    assert sample_workflow.events.filter(kind="artifact_ready").count() == 1


def test_a_job_that_is_to_stop_does_not_wait_for_the_database(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, outage: Outage
) -> None:
    def keep_in_an_outage(job: Job, _word: str) -> None:
        outage.at_end = lambda: executions.stop(executions.running_here())
        outage.begin()
        keep(job)

    run(limit=1)
    sample_agent.on_spell = keep_in_an_outage
    run(limit=1)
    assert not Artifact.objects.exists()
    assert Attempt.objects.get(task__key="spell/1").state == "interrupted"


@pytest.mark.parametrize("failure", [RuntimeError, OSError])
def test_the_file_of_an_artifact_stays_when_something_fails_after_its_row_was_committed(
    sample_workflow: Workflow,
    sample_agent: SampleAgent,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    failure: type[Exception],
) -> None:
    kept: list[str] = []

    def fail(_workflow_id: str) -> None:
        raise failure

    def keep_with_failure(job: Job, _word: str) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(progress, "announce", fail)  # called after the commit
            kept.append(keep(job, "still here"))

    run(limit=1)
    sample_agent.on_spell = keep_with_failure
    run(limit=1)
    artifact = Artifact.objects.get()
    assert (kept, text_of(artifact)) == ([str(artifact.pk)], "still here")


def test_an_artifact_is_replaced_and_shown_even_if_the_file_of_the_earlier_one_cannot_be_deleted(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    shown: list[object] = []

    def listen(message: dict[str, object], **_: object) -> None:
        shown.append(message["kind"])

    def replace(job: Job, _word: str) -> None:
        first = Path(Artifact.objects.get(pk=keep(job, "first")).file.path)
        first.unlink()
        (first / "a folder in its place").mkdir(parents=True)
        keep(job, "second")

    run(limit=1)
    sample_agent.on_spell = replace
    event_recorded.connect(listen)
    run(limit=1)
    event_recorded.disconnect(listen)
    assert text_of(Artifact.objects.get()) == "second"
    assert Attempt.objects.get(task__key="spell/1").state == "completed"
    assert shown.count("artifact_ready") == 2


def test_progress_that_cannot_be_written_does_not_end_the_heartbeat(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, outage: Outage
) -> None:
    stopping, beats = Event(), count(1)

    def stop_after_three() -> None:
        if next(beats) == 3:
            stopping.set()

    def report_without_a_database(job: Job, _word: str) -> None:
        for tenth in range(1, 10):
            job.progress(tenth / 10, "Spelling")
        outage.begin()
        heartbeat.beat([PeriodicCall(0.01, stop_after_three)], stopping)

    run(limit=1)
    sample_agent.on_spell = report_without_a_database
    run(limit=1)
    assert outage.was_noticed
    assert stopping.is_set()
    assert sample_workflow.tasks.get(key="spell/1").state == "completed"


# --- requests -------------------------------------------------------------------------------------


def test_a_request_that_the_database_does_not_answer_is_to_be_tried_again(
    locked: Locked, as_user: AsUser, alice: User, sample_workflow: Workflow
) -> None:
    api, address = as_user(alice), f"/api/workflows/{sample_workflow.pk}/control/"
    with locked():
        answer = api.post(address, {"action": "pause"})
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["retryable"]) == (503, "DatabaseUnavailable", True)
    assert "locked" not in error["message"]
    assert api.post(address, {"action": "pause"}).json()["outcome"] == "applied"
