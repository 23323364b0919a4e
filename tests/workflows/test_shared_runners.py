"""Several runners on one PostgreSQL, in one data folder. Run by `test_on_postgresql.py`; SQLite has one runner at a time."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection
from pytest_django.fixtures import Settings

from agents.contract import Job
from tests.waiting import TIMEOUT_SECONDS
from tests.workflows.sample_pipeline import SampleAgent
from workflows import claims, coordinator
from workflows.models import Attempt, Runner, Workflow
from workflows.outcomes import Claim
from workflows.runners import notifications, work_loop
from workflows.runners.local import LocalRunner
from workflows.signals import event_recorded, work_became_ready

pytestmark = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")


@pytest.fixture
def start(sample_agent: SampleAgent, settings: Settings, tmp_path: Path) -> Iterator[Callable[..., LocalRunner]]:
    """Starts runners of one thread, all in the same data folder."""
    settings.DATA_DIR = tmp_path
    runners: list[LocalRunner] = []

    def start(skills: frozenset[str] | None = None) -> LocalRunner:
        runners.append(LocalRunner(threads=1, skills=skills))
        runners[-1].start()
        return runners[-1]

    yield start
    for runner in runners:
        runner.stop()
    assert not Runner.objects.exists()


@pytest.fixture
def completed() -> Iterator[threading.Event]:
    """Set once a workflow is completed."""
    completed = threading.Event()

    def listen(message: dict[str, object], **_: object) -> None:
        if message["kind"] == "workflow_completed":
            completed.set()

    event_recorded.connect(listen)
    yield completed
    event_recorded.disconnect(listen)


def test_runners_of_one_folder_work_at_the_same_time(
    start: Callable[..., LocalRunner], sample_workflow: Workflow, sample_agent: SampleAgent, completed: threading.Event
) -> None:
    together = threading.Barrier(
        3, timeout=TIMEOUT_SECONDS
    )  # broken unless each of the runners, of one thread, has a word

    def meet(_job: Job, _word: str) -> None:
        together.wait()

    sample_agent.on_spell = meet
    for _ in range(3):
        start()
    assert completed.wait(TIMEOUT_SECONDS)
    spelt = Attempt.objects.filter(task__step="spell").values_list("runner", "state")
    assert len({runner for runner, _ in spelt}) == 3
    assert {state for _, state in spelt} == {"completed"}


def test_runners_with_different_skills_complete_a_workflow_together(
    start: Callable[..., LocalRunner], sample_workflow: Workflow, completed: threading.Event
) -> None:
    spellers, others = start(skills=frozenset({"spell"})), start(skills=frozenset({"cut", "join"}))
    assert completed.wait(TIMEOUT_SECONDS)
    by_skill = set(Attempt.objects.values_list("task__skill", "runner"))
    assert by_skill == {("spell", spellers.name), ("cut", others.name), ("join", others.name)}


@pytest.mark.usefixtures("sample_agent")
def test_work_that_another_process_makes_ready_wakes_a_runner_without_polling(
    start: Callable[..., LocalRunner], alice: User, completed: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_loop, "POLL_SECONDS", 1_000.0)
    found_nothing = threading.Event()
    claim_next = claims.claim_next

    def look(*arguments: Any) -> Claim | None:
        claim = claim_next(*arguments)
        if claim is None:
            found_nothing.set()
        return claim

    monkeypatch.setattr(claims, "claim_next", look)
    runner = start()
    assert found_nothing.wait(TIMEOUT_SECONDS)
    work_became_ready.disconnect(dispatch_uid=runner.name)  # as if the runner were in another process
    coordinator.create(pipeline="telegram", given={"text": "a b"}, owner=alice)
    assert completed.wait(TIMEOUT_SECONDS)


def test_a_notification_is_what_other_processes_can_hear(transactional_db: None) -> None:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
        listener.execute(f"LISTEN {notifications.CHANNEL}")
        notifications.notify()
        heard = list(listener.notifies(timeout=TIMEOUT_SECONDS, stop_after=1))
    assert [notification.channel for notification in heard] == [notifications.CHANNEL]
