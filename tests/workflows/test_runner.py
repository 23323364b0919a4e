"""The local runner, with its real threads."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings

from agents.contract import Job
from tests.waiting import TIMEOUT_SECONDS
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator
from workflows.models import Attempt, Workflow
from workflows.runners.local import LocalRunner
from workflows.signals import event_recorded, progress_reported


@pytest.fixture
def runner(sample_agent: SampleAgent, settings: Settings, tmp_path: Path) -> Iterator[LocalRunner]:
    """A runner of four threads in a data folder of its own."""
    settings.DATA_DIR = tmp_path
    runner = LocalRunner(threads=4)
    yield runner
    runner.stop()


@pytest.fixture
def heard(sample_agent: SampleAgent) -> Iterator[Callable[[str], threading.Event]]:
    """Something to wait for: set when an event of that kind has been recorded."""
    waited_for: dict[str, threading.Event] = {}

    def listen(message: dict[str, object], **_: object) -> None:
        waited_for.setdefault(str(message["kind"]), threading.Event()).set()

    event_recorded.connect(listen)
    yield lambda kind: waited_for.setdefault(kind, threading.Event())
    event_recorded.disconnect(listen)


Heard = Callable[[str], threading.Event]


def let_linger(sample_agent: SampleAgent) -> threading.Event:
    """From now on each `spell` job runs until it is stopped. Returns an event that is set once one runs."""
    is_spelling = threading.Event()

    def linger(job: Job, _word: str) -> None:
        is_spelling.set()
        while True:
            job.checkpoint()
            threading.Event().wait(0.01)

    sample_agent.on_spell = linger
    return is_spelling


def test_a_runner_carries_out_what_there_is_and_what_comes(
    runner: LocalRunner, sample_workflow: Workflow, heard: Heard
) -> None:
    runner.start()
    assert heard("workflow_completed").wait(TIMEOUT_SECONDS)
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "completed"


def test_independent_tasks_really_run_at_the_same_time(
    runner: LocalRunner, sample_workflow: Workflow, sample_agent: SampleAgent, heard: Heard
) -> None:
    together = threading.Barrier(3, timeout=TIMEOUT_SECONDS)  # broken unless all three words are in flight at once

    def meet(_job: Job, _word: str) -> None:
        together.wait()

    sample_agent.on_spell = meet
    runner.start()
    assert heard("workflow_completed").wait(TIMEOUT_SECONDS)


def test_a_stopped_runner_leaves_its_work_for_the_next_one(
    runner: LocalRunner, sample_workflow: Workflow, sample_agent: SampleAgent, heard: Heard, tmp_path: Path
) -> None:
    is_spelling = let_linger(sample_agent)
    runner.start()
    assert is_spelling.wait(TIMEOUT_SECONDS)
    runner.stop()
    assert not Attempt.objects.filter(state="running").exists()
    assert sample_workflow.events.filter(kind="task_retrying", data__reason="restart").exists()
    sample_agent.on_spell = lambda _job, _word: None
    following = LocalRunner(threads=2)
    following.start()
    assert heard("workflow_completed").wait(TIMEOUT_SECONDS)
    following.stop()


def test_only_one_runner_works_in_a_data_folder(runner: LocalRunner, sample_workflow: Workflow, heard: Heard) -> None:
    runner.start()
    assert heard("workflow_completed").wait(TIMEOUT_SECONDS)
    second = LocalRunner(threads=1)
    second.start()
    assert (runner.is_active, second.is_active) == (True, False)
    second.stop()


def test_a_cancel_reaches_an_agent_in_the_middle_of_its_job(
    runner: LocalRunner, sample_workflow: Workflow, sample_agent: SampleAgent, heard: Heard, alice: User
) -> None:
    is_spelling = let_linger(sample_agent)
    runner.start()
    assert is_spelling.wait(TIMEOUT_SECONDS)
    coordinator.control(workflow=sample_workflow, by=alice, action="cancel")
    assert heard("workflow_cancelled").wait(TIMEOUT_SECONDS)


def test_progress_is_passed_on_while_the_agent_works(
    runner: LocalRunner, sample_workflow: Workflow, sample_agent: SampleAgent, heard: Heard
) -> None:
    seen: list[tuple[float, str]] = []

    def listen(message: dict[str, object], **_: object) -> None:
        seen.append((float(str(message["progress"])), str(message["message"])))

    progress_reported.connect(listen)

    def chatter(job: Job, word: str) -> None:
        for step in range(50):
            job.progress(step / 50, f"Letter {step} of {word}")

    sample_agent.on_spell = chatter
    runner.start()
    assert heard("workflow_completed").wait(TIMEOUT_SECONDS)
    progress_reported.disconnect(listen)
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert any(message.startswith("Letter") for _, message in seen)
    assert len(seen) < 100  # of 150 reports: they are passed on at a bounded rate
