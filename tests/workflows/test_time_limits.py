"""An agent that hangs, or does not stop, holds up neither its workflow nor the runner; what it does later changes nothing."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import connections
from django.test import AsyncClient
from django.utils import timezone
from pytest_django.fixtures import Settings

from agents.contract import ArtifactKind, Job, JobStopped
from agents.models import Agent
from tests.fixtures.clock import Clock
from tests.fixtures.database import Locked
from tests.fixtures.workflows import Run
from tests.waiting import TIMEOUT_SECONDS, until
from tests.workflows.sample_pipeline import SampleAgent
from workflows import attempts, claims, coordinator, executions, liveness, recovery, standstill, watchdog
from workflows.liveness import RunnerInfo
from workflows.models import Artifact, Attempt, Control, Workflow
from workflows.outcomes import Claim
from workflows.runners import heartbeat, local
from workflows.runners.folder import FolderLock
from workflows.runners.local import LocalRunner


@dataclass
class Hung:
    """A `spell` job in a thread of its own, which hangs until it is let go and then does `finally_do`."""

    claim: Claim
    job: Job
    thread: threading.Thread
    let_go: threading.Event
    finally_do: list[Callable[[Job], object]]
    came_to: list[object] = field(default_factory=list)

    @property
    def attempt(self) -> Attempt:
        """Its attempt."""
        return Attempt.objects.get(pk=self.claim.attempt)

    def finish(self) -> None:
        """Lets it go, and waits for its thread."""
        self.let_go.set()
        self.thread.join(TIMEOUT_SECONDS)
        assert not self.thread.is_alive()


@pytest.fixture
def hung(clock: Clock, sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Iterator[Hung]:
    """The attempt at the first word, in an agent that hangs. The clock stands still."""
    run(limit=1)
    claim = claims.claim_next("here")
    assert claim
    hangs, let_go = threading.Event(), threading.Event()
    jobs: list[Job] = []
    finally_do: list[Callable[[Job], object]] = []
    came_to: list[object] = []

    def hang(job: Job, _word: str) -> None:
        if jobs:
            return
        jobs.append(job)
        hangs.set()
        let_go.wait(TIMEOUT_SECONDS)
        for action in finally_do:
            try:
                came_to.append(action(job))
            except JobStopped:
                came_to.append(JobStopped)

    def perform() -> None:
        came_to.append(attempts.perform(claim))
        connections.close_all()

    sample_agent.on_spell = hang
    thread = threading.Thread(target=perform, daemon=True)
    thread.start()
    assert hangs.wait(TIMEOUT_SECONDS)
    hung = Hung(claim, jobs[0], thread, let_go, finally_do, came_to)
    yield hung
    hung.finish()


def keep(job: Job) -> str:
    path = job.workdir / "late.txt"
    path.write_text("too late")
    return job.keep(path, name="late.txt", kind=ArtifactKind.SCRIPT, media_type="text/plain")


def state_of(workflow: Workflow) -> str:
    return Workflow.objects.get(pk=workflow.pk).state


# --- limits ---------------------------------------------------------------------------------------


def test_an_agent_that_gives_no_sign_of_life_is_given_up_and_its_task_is_tried_again(
    clock: Clock, hung: Hung, sample_workflow: Workflow
) -> None:
    clock.pass_time(119)
    watchdog.enforce()
    assert hung.attempt.state == "running"
    clock.pass_time(1)
    watchdog.enforce()
    assert (hung.attempt.state, hung.attempt.seconds) == ("failed", 120)
    retrying = sample_workflow.events.get(kind="task_retrying").data
    assert retrying["reason"] == "error"
    assert retrying["error"]["message"] == "clerk did not answer for 2 minutes and was given up."


def test_an_agent_that_was_given_up_is_less_healthy_and_has_room_for_the_next_job(clock: Clock, hung: Hung) -> None:
    clock.pass_time(120)
    watchdog.enforce()
    clerk = Agent.objects.get(name="clerk")
    assert (clerk.in_flight, clerk.error_count, clerk.consecutive_errors) == (0, 1, 1)


def test_an_agent_that_reports_for_ever_is_given_up_as_well(clock: Clock, hung: Hung) -> None:
    for _ in range(6):
        clock.pass_time(100)
        assert hung.attempt.state == "running"
        hung.job.checkpoint()
        watchdog.enforce()
    assert hung.attempt.error
    assert hung.attempt.error["message"] == "clerk was not done after 10 minutes and was given up."


@pytest.mark.parametrize("name", ["TASK_TIME_LIMIT", "TASK_SILENCE_LIMIT"])
def test_the_settings_override_the_limits_of_the_skills(
    settings: Settings, name: str, request: pytest.FixtureRequest, clock: Clock, transactional_db: None
) -> None:
    setattr(settings, name, 5)
    hung: Hung = request.getfixturevalue("hung")
    clock.pass_time(5)
    watchdog.enforce()
    assert hung.attempt.state == "failed"
    assert "5 seconds" in str(hung.attempt.error)


def test_an_agent_is_not_silent_while_the_storage_is_slow(
    clock: Clock, sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, tmp_path: Path
) -> None:
    run(limit=1)
    slow = tmp_path / "slow.txt"
    os.mkfifo(slow)  # nothing comes out of it until something is written
    begins = threading.Event()

    def keep_slowly(job: Job, _word: str) -> None:
        begins.set()
        job.keep(slow, name="slow.txt", kind=ArtifactKind.SCRIPT, media_type="text/plain")

    sample_agent.on_spell = keep_slowly
    claim = claims.claim_next("here")
    assert claim

    def perform() -> None:
        attempts.perform(claim)
        connections.close_all()

    thread = threading.Thread(target=perform, daemon=True)
    thread.start()
    assert begins.wait(TIMEOUT_SECONDS)
    with slow.open("w") as file:  # returns when the storage reads
        clock.pass_time(130)
        watchdog.enforce()
        assert Attempt.objects.get(pk=claim.attempt).state == "running"
        file.write("at last")
    thread.join(TIMEOUT_SECONDS)
    assert Attempt.objects.get(pk=claim.attempt).state == "completed"


def test_nothing_that_an_agent_does_after_it_was_given_up_changes_anything(
    clock: Clock, hung: Hung, sample_workflow: Workflow
) -> None:
    clock.pass_time(120)
    watchdog.enforce()
    before = sample_workflow.events.count()
    hung.finally_do += [lambda job: job.progress(0.9, "Still here"), keep, lambda job: job.fetch("x")]
    hung.finish()
    assert hung.came_to == [JobStopped, JobStopped, JobStopped, False]
    assert sample_workflow.events.count() == before
    assert not Artifact.objects.exists()
    assert hung.attempt.state == "failed"


def test_an_agent_that_comes_back_in_the_last_moment_has_done_its_job(
    clock: Clock, hung: Hung, sample_workflow: Workflow
) -> None:
    hung.finish()
    clock.pass_time(1_000)
    watchdog.enforce()
    assert hung.attempt.state == "completed"


def test_the_end_of_an_attempt_that_was_given_up_waits_for_the_database(
    clock: Clock, hung: Hung, locked: Locked
) -> None:
    clock.pass_time(120)
    with locked():
        watchdog.enforce()
        assert executions.running_here() == [hung.claim.attempt]  # its lease is kept
    watchdog.enforce()
    assert hung.attempt.state == "failed"
    assert executions.running_here() == []


# --- stopping -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "meanwhile", "result"),
    [({"action": "pause", "mode": "now"}, "pausing", "paused"), ({"action": "cancel"}, "cancelling", "cancelled")],
)
def test_an_agent_that_does_not_stop_is_abandoned_after_its_grace_and_the_answer_says_so(
    clock: Clock, hung: Hung, sample_workflow: Workflow, alice: User, ask: dict[str, str], meanwhile: str, result: str
) -> None:
    coordinator.control(workflow=sample_workflow, by=alice, **ask)
    clock.pass_time(9)
    watchdog.enforce()
    recovery.recover_lost()
    assert state_of(sample_workflow) == meanwhile
    clock.pass_time(1)
    watchdog.enforce()
    assert (state_of(sample_workflow), hung.attempt.state) == (result, "abandoned")
    control = Control.objects.get()
    assert control.outcome == "applied"
    assert control.resolved_reason.startswith("clerk did not stop")
    assert Agent.objects.get(name="clerk").error_count == 0


def test_asking_again_to_stop_does_not_give_more_time(
    clock: Clock, hung: Hung, sample_workflow: Workflow, alice: User
) -> None:
    coordinator.control(workflow=sample_workflow, by=alice, action="pause", mode="now")
    clock.pass_time(9)
    coordinator.control(workflow=sample_workflow, by=alice, action="cancel")
    attempts.renew_leases()  # finds every second that it was asked to stop
    clock.pass_time(1)
    watchdog.enforce()
    assert state_of(sample_workflow) == "cancelled"


def test_the_grace_is_a_setting(
    clock: Clock, hung: Hung, sample_workflow: Workflow, alice: User, settings: Settings
) -> None:
    settings.STOP_GRACE_SECONDS = 2
    coordinator.control(workflow=sample_workflow, by=alice, action="cancel")
    clock.pass_time(2)
    watchdog.enforce()
    assert state_of(sample_workflow) == "cancelled"


def test_a_later_request_names_who_still_runs_since_an_earlier_one(
    clock: Clock, hung: Hung, sample_workflow: Workflow, alice: User
) -> None:
    coordinator.control(workflow=sample_workflow, by=alice, action="pause", mode="now")
    clock.pass_time(10)
    watchdog.enforce()
    coordinator.control(workflow=sample_workflow, by=alice, action="cancel")
    assert Control.objects.get(action="cancel").resolved_reason.startswith("clerk did not stop")


def test_a_request_names_who_was_given_up_at_a_limit_for_as_long_as_it_runs(
    clock: Clock, hung: Hung, sample_workflow: Workflow, alice: User
) -> None:
    clock.pass_time(120)
    watchdog.enforce()
    assert hung.attempt.state == "failed"
    for _ in range(2):
        coordinator.control(workflow=sample_workflow, by=alice, action="pause")
        coordinator.control(workflow=sample_workflow, by=alice, action="resume")
        Attempt.objects.filter(pk=hung.attempt.pk).update(lease_until=timezone.now())  # it is renewed until then
        attempts.renew_leases()
    hung.finish()
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    pauses = Control.objects.filter(action="pause").order_by("created_at")
    assert [bool(pause.resolved_reason) for pause in pauses] == [True, True, False]
    told = sample_workflow.events.filter(kind="control_resolved", data__action="pause").order_by("seq")
    assert [event.data["reason"] for event in told] == [pause.resolved_reason for pause in pauses]


def test_a_request_does_not_name_who_was_given_up_in_a_process_that_has_died(
    clock: Clock, hung: Hung, sample_workflow: Workflow, alice: User
) -> None:
    clock.pass_time(120)
    watchdog.enforce()
    Attempt.objects.filter(pk=hung.attempt.pk).update(lease_until=timezone.now())  # nobody renews it
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    assert Control.objects.get().resolved_reason == ""


# --- the runner -----------------------------------------------------------------------------------


@pytest.fixture
def runner(sample_agent: SampleAgent, settings: Settings, tmp_path: Path) -> Iterator[LocalRunner]:
    """A runner with one worker thread, whose agents may be silent for a moment only."""
    settings.DATA_DIR = tmp_path
    settings.TASK_SILENCE_LIMIT = 0.2
    runner = LocalRunner(threads=1)
    yield runner
    runner.stop()


@pytest.fixture
def let_go(sample_agent: SampleAgent) -> Iterator[threading.Event]:
    """Ends all that hang."""
    let_go = threading.Event()
    yield let_go
    let_go.set()


def worker_threads() -> list[threading.Thread]:
    """Those of all runners of this process."""
    return [thread for thread in threading.enumerate() if re.fullmatch(r"runner-\d+", thread.name)]


async def test_another_thread_takes_the_place_of_a_stuck_one(
    runner: LocalRunner, sample_workflow: Workflow, sample_agent: SampleAgent, let_go: threading.Event
) -> None:
    hung: list[str] = []

    def hang_once(_job: Job, word: str) -> None:
        if not hung:
            hung.append(word)
            let_go.wait(TIMEOUT_SECONDS)

    sample_agent.on_spell = hang_once
    runner.start()
    await until(lambda: len(sample_agent.spelt) == 3)
    assert executions.stuck_threads() == 1
    let_go.set()
    await until(lambda: executions.stuck_threads() == 0)
    await until(lambda: len(worker_threads()) == 1)  # the one that came back has ended
    assert len(sample_agent.spelt) == 3  # the late one was not counted


async def test_an_agent_that_does_not_stop_with_its_server_is_not_counted_as_a_lost_process(
    runner: LocalRunner,
    sample_workflow: Workflow,
    sample_agent: SampleAgent,
    let_go: threading.Event,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(local, "STOP_SECONDS", 0.1)
    settings.TASK_SILENCE_LIMIT = 0
    hangs = threading.Event()

    def hang(_job: Job, _word: str) -> None:
        hangs.set()
        let_go.wait(TIMEOUT_SECONDS)

    sample_agent.on_spell = hang
    runner.start()
    await until(hangs.is_set)
    await sync_to_async(runner.stop)()
    assert [attempt.state async for attempt in Attempt.objects.filter(task__step="spell")] == ["interrupted"]
    retrying = await sample_workflow.events.aget(kind="task_retrying")
    assert retrying.data["reason"] == "restart"


async def test_a_server_whose_threads_are_all_stuck_is_not_ready_until_one_comes_back(
    runner: LocalRunner,
    sample_workflow: Workflow,
    sample_agent: SampleAgent,
    let_go: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hang(_job: Job, _word: str) -> None:
        let_go.wait(TIMEOUT_SECONDS)

    monkeypatch.setattr(local, "_runner", runner)
    sample_agent.on_spell = hang
    runner.start()
    await until(lambda: runner.is_stuck)
    answer = await AsyncClient().get("/readyz")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert (answer.json()["runner"], answer.json()["stuck_threads"]) == ("stuck", 2)
    let_go.set()
    await until(lambda: not runner.is_stuck)
    answer = await AsyncClient().get("/readyz")
    assert (answer.status_code, answer.json()["runner"]) == (HTTPStatus.OK, "ok")


async def test_a_server_whose_runner_gives_no_sign_of_life_is_not_ready_until_it_does(
    runner: LocalRunner, let_go: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_runner", runner)
    monkeypatch.setattr(liveness, "STALE_SECONDS", 0.3)
    monkeypatch.setattr(heartbeat, "LEASES_SECONDS", 0.02)
    monkeypatch.setattr(standstill, "record_stalls", lambda: let_go.wait(TIMEOUT_SECONDS))
    runner.start()
    await until(lambda: local.state() == "silent")
    answer = await AsyncClient().get("/readyz")
    assert (answer.status_code, answer.json()["runner"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "silent")
    let_go.set()
    await until(lambda: local.state() == "ok")


async def test_a_server_that_waits_for_the_data_folder_is_ready_while_the_runner_that_has_it_lives(
    runner: LocalRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_runner", runner)
    monkeypatch.setattr(runner, "_is_only_one", True)  # as with SQLite
    other = FolderLock(tmp_path / "runner.lock")
    assert other.take()
    runner.start()
    answer = await AsyncClient().get("/readyz")
    assert (answer.status_code, answer.json()["runner"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "missing")
    holder = RunnerInfo(name="here:1:other", kind="local", threads=1)
    await sync_to_async(liveness.sign_in)(holder)
    answer = await AsyncClient().get("/readyz")
    assert (answer.status_code, answer.json()["runner"]) == (HTTPStatus.OK, "ok")
    other.release()
