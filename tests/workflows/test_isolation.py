"""Agents in processes of their own: they do their job as others do, and are killed with all that they started."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connections
from pytest_django.fixtures import Settings

from agents import registry
from agents.models import Agent
from tests.waiting import TIMEOUT_SECONDS
from tests.workflows.isolated_agent import IsolatedAgent
from tests.workflows.sample_pipeline import SAMPLE_PIPELINE
from workflows import attempts, claims, coordinator, executions, liveness, pipelines, snapshots, watchdog
from workflows.liveness import RunnerInfo
from workflows.models import Artifact, Attempt, Runner, Workflow
from workflows.signals import progress_reported

pytestmark = pytest.mark.usefixtures("measured_children")

Start = Callable[[str], Workflow]


@pytest.fixture
def start(transactional_db: None, alice: User) -> Iterator[Start]:
    """Starts a workflow of the sample pipeline in which the isolated agent spells one word; its text is cut already."""
    agent = IsolatedAgent()
    registry.register(agent)
    registry.sync()
    pipelines.register(SAMPLE_PIPELINE)

    def start(word: str) -> Workflow:
        workflow = coordinator.create(pipeline="telegram", given={"text": word}, owner=alice)
        agent.is_isolated = False  # type: ignore[misc] # a process for this would only cost time
        step()
        agent.is_isolated = True  # type: ignore[misc]
        return workflow

    yield start
    pipelines.unregister(SAMPLE_PIPELINE.name)
    registry.unregister(agent.name)


def step() -> None:
    """Performs the next attempt."""
    claim = claims.claim_next("here")
    assert claim
    attempts.perform(claim)


class Background:
    """The next attempt in a thread; `says` is what its agent said when it was in the middle of its job."""

    def __init__(self, first_words: str) -> None:
        self._first_words, self._heard = first_words, Event()
        self.says = ""
        progress_reported.connect(self._listen)
        self._thread = Thread(target=self._perform, daemon=True)
        self._thread.start()
        assert self._heard.wait(TIMEOUT_SECONDS)
        progress_reported.disconnect(self._listen)

    def _listen(self, message: dict[str, object], **_: object) -> None:
        text = str(message["message"])
        if text.startswith(self._first_words) if self._first_words else text[:1].isdigit():
            self.says = text
            self._heard.set()

    def _perform(self) -> None:
        step()
        connections.close_all()

    @property
    def pids(self) -> list[int]:
        """The processes that the agent named."""
        return [int(word) for word in self.says.split()]

    def join(self) -> None:
        """Waits until the attempt has ended."""
        self._thread.join(TIMEOUT_SECONDS)
        assert not self._thread.is_alive()


def in_background(first_words: str = "") -> Background:
    return Background(first_words)


def are_alive(pids: list[int]) -> list[bool]:
    """Which of the processes still run; a zombie does not."""

    def is_alive(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
        except OSError:
            return False

    return [is_alive(pid) for pid in pids]


def end_of(workflow: Workflow) -> tuple[str, str]:
    """How the attempt at the word ended: its state, and the message of its error."""
    attempt = Attempt.objects.get(task__workflow=workflow, task__key="spell/1")
    return attempt.state, str((attempt.error or {}).get("message", ""))


# --- a job ----------------------------------------------------------------------------------------


def test_what_an_isolated_agent_spends_is_counted_and_its_budget_holds(start: Start, settings: Settings) -> None:
    settings.OPENAI_PRICES, settings.BUDGET_PER_FILM = {"painter": {"pictures": Decimal("0.04")}}, 0.1
    workflow = start("spend")
    step()
    snapshot = snapshots.workflow_snapshot(workflow)
    assert (snapshot["usage"]["pictures"], snapshot["usage"]["cost"]) == (3, 0.12)
    assert snapshot["error"]["type"] == "BudgetReached"


def test_an_isolated_agent_does_its_job_as_any_other(start: Start) -> None:
    workflow = start("send")
    registry.register(IsolatedAgent(separator="+"))  # the instance that is registered, as it is now
    step()
    assert end_of(workflow) == ("completed", "")
    assert workflow.tasks.get(key="spell/1").output == {"letters": "s+e+n+d"}
    step()
    workflow.refresh_from_db()
    assert workflow.state == "completed"
    artifact = Artifact.objects.get()
    assert Path(artifact.file.path).read_text() == "s+e+n+d"
    assert workflow.tasks.get(key="join").output == {"text": "s+e+n+d", "artifact": str(artifact.pk)}


def test_an_error_keeps_its_kind_on_its_way(start: Start) -> None:
    unreadable = start("unreadable")
    step()
    assert end_of(unreadable) == ("failed", "I cannot read that.")
    hermit = Agent.objects.filter(name="hermit")
    assert hermit.values_list("error_count", "consecutive_errors").get() == (1, 0)  # the input was at fault
    busy = start("busy")
    step()
    assert end_of(busy) == ("failed", "The line is busy.")
    assert busy.events.get(kind="task_retrying").data["delay_seconds"] > 77.0
    assert hermit.values_list("error_count", "consecutive_errors").get() == (2, 1)
    cut_off = start("cut_off")
    step()
    liveness.sign_in(RunnerInfo("here", Runner.Kind.LOCAL, threads=1))
    waiting = snapshots.workflow_snapshot(cut_off)["waiting_for"]
    assert (waiting["kind"], waiting["text"]) == ("provider", "The line is dead, second try follows")


@pytest.mark.parametrize("word", ["full", "full_beneath", "kept_in_vain"])
def test_a_full_disk_is_named_wherever_it_was_found(start: Start, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def save(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # The field's own: a test that changes STORAGES leaves another one behind under the same name.
    monkeypatch.setattr(Artifact._meta.get_field("file").storage, "save", save)
    workflow = start(word)
    step()
    retrying = workflow.events.get(kind="task_retrying").data
    assert "disk of the server is full" in retrying["error"]["message"]
    assert retrying["delay_seconds"] > 20.0


def test_an_answer_that_is_an_error_reaches_the_agent(start: Start) -> None:
    workflow = start("missing")
    step()
    assert workflow.tasks.get(key="spell/1").output == {"letters": "An artifact that spell/1 needs is missing."}


def test_the_traceback_of_a_broken_agent_is_logged(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    workflow = start("broken")
    step()
    assert end_of(workflow) == ("failed", "hermit broke unexpectedly; the log says why.")
    assert "ZeroDivisionError: a bug" in caplog.text


def test_an_isolated_agent_has_no_database(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    workflow = start("query")
    step()
    assert end_of(workflow)[0] == "failed"
    assert "settings.DATABASES is improperly configured" in caplog.text


def test_an_isolated_agent_sees_no_secrets_of_the_server(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    urls = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL")
    for name in (*urls, "METRICS_TOKEN", "S3_SECRET_ACCESS_KEY", "SECRET_KEY", "CALLBOARD_ADMIN_PASSWORD"):
        monkeypatch.setenv(name, f"sqlite:///secret-{name}")
    monkeypatch.setenv("HERMIT_KEY", "key-of-the-agent")
    workflow = start("secrets")
    step()
    seen = str(workflow.tasks.get(key="spell/1").output)
    assert "secret-" not in seen
    environment, _, command_line = seen.partition("command line:")
    assert "workflows.isolation.child" in command_line
    assert "key-of-the-agent" in environment
    assert "key-of-the-agent" not in command_line


def test_an_isolated_agent_does_its_job_for_a_celery_worker_too(
    start: Start, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    # These settings refuse to be read without the database, which the agent must not have.
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "project.settings")
    monkeypatch.setenv("DATA_DIR", str(settings.DATA_DIR))
    monkeypatch.setenv("RUNNER", "celery")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/callboard")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere")
    workflow = start("send")
    step()
    assert end_of(workflow) == ("completed", "")


# --- the end --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "death"), [("crash", "SIGABRT"), ("leave", "exit status 3")])
def test_an_agent_whose_process_dies_has_failed(start: Start, word: str, death: str) -> None:
    workflow = start(word)
    step()
    assert end_of(workflow) == ("failed", f"The process of hermit died ({death}).")
    assert workflow.events.filter(kind="task_retrying").exists()


def test_an_isolated_agent_stops_when_it_is_asked_to(start: Start, alice: User) -> None:
    workflow = start("linger")
    running = in_background("Spelling")
    coordinator.control(workflow=workflow, by=alice, action="pause", mode="now")
    running.join()
    workflow.refresh_from_db()
    assert (workflow.state, end_of(workflow)) == ("paused", ("interrupted", ""))


def test_an_agent_that_does_not_stop_is_killed_with_its_children_and_only_then_is_it_cancelled(
    start: Start, alice: User, settings: Settings
) -> None:
    workflow = start("deaf")
    running = in_background()
    control = coordinator.control(workflow=workflow, by=alice, action="cancel")
    watchdog.enforce()
    workflow.refresh_from_db()
    assert (workflow.state, are_alive(running.pids)) == ("cancelling", [True, True])
    settings.STOP_GRACE_SECONDS = 0
    watchdog.enforce()
    running.join()
    workflow.refresh_from_db()
    control.refresh_from_db()
    assert are_alive(running.pids) == [False, False]
    assert (workflow.state, end_of(workflow)) == ("cancelled", ("interrupted", ""))
    assert (control.outcome, control.resolved_reason) == ("applied", "")
    assert executions.stuck_threads() == 0


def test_an_agent_that_is_frozen_is_killed_at_its_limit(start: Start) -> None:
    workflow = start("frozen")
    running = in_background()
    [execution] = executions.present()
    watchdog.enforce()
    assert are_alive(running.pids) == [True]
    execution.silence_limit = 0.0
    watchdog.enforce()
    running.join()
    assert are_alive(running.pids) == [False]
    assert end_of(workflow) == ("failed", "hermit did not answer for 0 seconds and was given up.")
    assert Agent.objects.get(name="hermit").consecutive_errors == 1


def test_what_an_agent_leaves_behind_ends_with_its_job(start: Start) -> None:
    workflow = start("orphan")
    running = in_background()
    running.join()
    assert end_of(workflow) == ("completed", "")
    assert are_alive(running.pids) == [False]


SERVER = """
import sys, threading
from pathlib import Path
import django
django.setup()
from agents.contract import FolderJob
from tests.workflows.isolated_agent import IsolatedAgent
from workflows.executions import Execution
from workflows.isolation.process import perform_isolated
from workflows.outcomes import Claim

class PrintingJob(FolderJob):
    def progress(self, fraction, message=""):
        print(message, flush=True)

folder = Path(sys.argv[1])
given = {"word": sys.argv[2]}
claim = Claim(
    attempt=1, workflow="w", owner=1, task="spell/1", step="spell", skill="spell", agent="hermit", slot=0, number=1,
    input=given, started_at=0.0,
)
perform_isolated(IsolatedAgent(), PrintingJob("spell", given, folder, folder), Execution(claim))
"""


@pytest.mark.parametrize("word", ["deaf", "frozen"])
def test_an_agent_dies_with_the_server_however_that_dies(tmp_path: Path, word: str) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path), word]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as server:
        assert server.stdout
        assert server.stdout.readline() == f"Spelling {word}\n"
        pids = [int(text) for text in server.stdout.readline().split()]
        assert all(are_alive(pids))
        server.send_signal(signal.SIGKILL)
        server.wait(TIMEOUT_SECONDS)
        assert server.stdout.read() == ""  # returns when the last process that has it is gone
    assert not any(are_alive(pids))
    assert os.getpid() not in pids
