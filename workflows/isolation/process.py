"""The runner's side of an isolated attempt: starts the child process, makes the calls of its job, and ends it."""

import contextlib
import os
import pickle
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from agents import tracing
from agents.contract import Agent, AgentError, InputRequired, Job, JobStopped, Outcome, Skill, checked
from workflows.executions import Execution
from workflows.isolation import messages
from workflows.isolation.messages import FromChild, Message

POLL_SECONDS = 0.1  # how soon a request to stop gets through
END_SECONDS = 2.0  # for the child to end by itself once its job is over
KILL_SECONDS = 5.0  # for the guard to kill it
# An agent needs none of them.
WITHHELD = frozenset(
    {
        *("CALLBOARD_ADMIN_PASSWORD", "METRICS_TOKEN", "S3_SECRET_ACCESS_KEY"),
        *("CELERY_BROKER_URL", "DATABASE_URL", "REDIS_URL"),
    }
)
GUARD = Path(__file__).with_name("guard.py")


class AgentBroke(Exception):
    """An unexpected error in the child process; its text is the traceback. `errno`: see `messages.errno_of`."""

    def __init__(self, text: str, errno: int) -> None:
        super().__init__(text)
        self.errno = errno


def perform_isolated(agent: Agent, job: Job, execution: Execution) -> Outcome:
    """Lets the agent do the job in a child process, which `execution` may kill.

    Raises: AgentError when the agent raised it, or its process died; InputRequired; JobStopped when it was asked to stop;
    AgentBroke.
    """
    start = messages.Start(
        agent=pickle.dumps(agent),
        skill=job.skill,
        input=dict(job.input),
        workdir=str(job.workdir),
        attempt=job.attempt,
        attempt_id=job.attempt_id,
        answers=list(job.answers),
        remote_task=job.remote_task,
        log_fields=execution.claim.log_fields,
        traceparent=tracing.traceparent(),
    )
    with _Child() as child:
        execution.may_be_killed(child.kill)
        return _Conversation(child, job, execution, agent.skill(job.skill)).outcome(start)


class _Child:
    """The guard's process, and the socket to the child below it; both are gone at the end."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), str(theirs.fileno())],
                stdin=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the server
            )
        self.connection: Connection[Any, Any] = Connection(ours.detach())

    def __enter__(self) -> "_Child":
        return self

    def __exit__(self, *_: object) -> None:
        """First it may end by itself; then it is killed."""
        self.connection.close()
        if not self._has_ended_within(END_SECONDS):
            self.kill()
            if not self._has_ended_within(KILL_SECONDS):
                self._guard.kill()
        self.kill()  # only closes the pipe
        self._guard.wait()

    def kill(self) -> None:
        """Lets the guard kill it with all that it has started. Does not wait."""
        if self._guard.stdin:
            self._guard.stdin.close()

    def has_ended(self) -> bool:
        """Whether child and guard are gone."""
        return self._guard.poll() is not None

    def death(self) -> str:
        """What ended it, for people: "SIGSEGV", "exit status 3"."""
        if not self._has_ended_within(KILL_SECONDS):
            return "it closed its connection"
        status = abs(self._guard.returncode)
        with contextlib.suppress(ValueError):
            return signal.Signals(status - 128).name
        return f"exit status {status}"

    def _has_ended_within(self, seconds: float) -> bool:
        try:
            self._guard.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def _environment() -> dict[str, str]:
    """Ours, so that the child has the same settings, but without the keys to what is not its business.

    And without a runner: with Celery the settings would ask for the broker and the database.
    """
    environment = {name: value for name, value in os.environ.items() if name not in WITHHELD}
    path = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    return {**environment, "PYTHONPATH": path, "SECRET_KEY": secrets.token_hex(), "RUNNER": "none"}


class _Conversation:
    """What is said between the start of a job and its outcome."""

    def __init__(self, child: _Child, job: Job, execution: Execution, skill: Skill) -> None:
        self._child, self._job, self._execution, self._skill = child, job, execution, skill
        self._has_sent_stop = False

    def outcome(self, start: messages.Start) -> Outcome:
        """Raises: as `perform_isolated`."""
        try:
            messages.send(self._child.connection, start)
            for message in self._messages():
                match message:
                    case messages.Completed():
                        return self._checked(message)
                    case messages.Refused():
                        raise message.error()
                    case messages.Asked(question):
                        raise InputRequired(question)
                    case messages.Stop():
                        raise JobStopped
                    case messages.Broken(text, errno):
                        raise AgentBroke(text, errno)
                    case _:
                        self._make_call(message)
        except (EOFError, OSError):
            pass
        raise self._death()

    def _messages(self) -> Iterator[FromChild]:
        """What the child says, until it is gone."""
        connection = self._child.connection
        while True:
            if self._execution.is_to_stop and not self._has_sent_stop:
                messages.send(connection, messages.Stop())
                self._has_sent_stop = True
            if connection.poll(POLL_SECONDS):
                yield messages.receive_from_child(connection)
            elif self._child.has_ended():
                return

    def _checked(self, completed: messages.Completed) -> Outcome:
        gives = self._skill.gives
        try:
            outcome = Outcome(
                msgspec.convert(completed.output, gives) if gives else completed.output, completed.message
            )
        except msgspec.ValidationError as error:
            raise AgentError(
                f"{self._execution.claim.agent} gave something else than {self._skill.id} promises."
            ) from error
        return checked(self._execution.claim.agent, self._skill, outcome)

    def _death(self) -> Exception:
        """Why the child is gone without an outcome."""
        if self._execution.kill_error:
            return self._execution.kill_error
        if self._execution.is_to_stop:
            return JobStopped()
        agent = self._execution.claim.agent
        return AgentError(f"The process of {agent} died ({self._child.death()}).", retryable=True)

    def _make_call(self, message: FromChild) -> None:
        job = self._job
        match message:
            case messages.Alive():
                with contextlib.suppress(JobStopped):
                    job.checkpoint()
            case messages.Progress(fraction, text):
                with contextlib.suppress(JobStopped):
                    job.progress(fraction, text)
            case messages.Keep(path, name, kind, media_type):
                self._answer(lambda: job.keep(Path(path), name=name, kind=kind, media_type=media_type))
            case messages.Fetch(artifact_id):
                self._answer(lambda: str(job.fetch(artifact_id)))
            case messages.SetRemoteTask(remote_task):
                self._answer(lambda: str(job.set_remote_task(remote_task)))
            case messages.CheckBudget():
                self._answer(lambda: _without_value(job.check_budget))
            case messages.Used(usage):
                job.report_usage(usage)

    def _answer(self, call: Callable[[], str]) -> None:
        messages.send(self._child.connection, _result(call))


def _without_value(call: Callable[[], None]) -> str:
    call()
    return ""


def _result(call: Callable[[], str]) -> Message:
    try:
        return messages.Answer(call())
    except JobStopped:
        return messages.Stop()
    except AgentError as error:
        return messages.Refused.of(error)
    except Exception as error:  # noqa: BLE001 - raised in the child, as it would be in a thread
        return messages.Broken(repr(error), messages.errno_of(error))
