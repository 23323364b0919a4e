"""The child process of an isolated attempt: performs one job, and passes every call of it on to the runner's thread.

    python -m workflows.isolation.child DESCRIPTOR      the socket on which the `Start` message comes

It knows Django's settings, but no apps and no database.
"""

import os
import pickle
import queue
import sys
import threading
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import django
import msgspec
from django.conf import settings

from agents import log_context, tracing
from agents.contract import AgentError, InputRequired, Job, JobStopped, perform_checked
from agents.usage import Usage
from workflows.isolation import messages
from workflows.isolation.messages import Message, Start

NICENESS = 10  # the loop that serves sockets goes first
ALIVE_SECONDS = 0.5  # between two signs of life of an agent that reports nothing


def main(descriptor: str) -> None:
    """Performs the job, and ends when the other side closes the socket."""
    os.nice(NICENESS)
    connection: Connection[Any, Any] = Connection(int(descriptor))
    start = messages.receive_in_child(connection)
    if not isinstance(start, Start):
        raise TypeError(start)
    job = ChildJob(connection, start)
    outcome = _perform(job, start)
    tracing.flush()  # nobody waits for this process once the outcome is known
    job.end(outcome)


def _perform(job: "ChildJob", start: Start) -> Message:
    try:
        _set_up_django()
        agent = pickle.loads(start.agent)  # noqa: S301 - made by the runner, whose code this is
        with log_context.bound(**start.log_fields), tracing.span(f"process {agent.name}", parent=start.traceparent):
            outcome = perform_checked(agent, job)
        return messages.Completed(msgspec.to_builtins(outcome.output), outcome.message)
    except JobStopped:
        return messages.Stop()
    except InputRequired as asked:
        return messages.Asked(asked.question)
    except AgentError as error:
        return messages.Refused.of(error)
    except BaseException as error:  # noqa: BLE001 - the runner logs it
        return messages.Broken(traceback.format_exc(), messages.errno_of(error))


def _set_up_django() -> None:
    settings.DATABASES = {}
    settings.INSTALLED_APPS = []
    django.setup()
    tracing.start()


class ChildJob(Job):
    """A job whose calls are made on the other side."""

    def __init__(self, connection: "Connection[Any, Any]", start: Start) -> None:
        self.skill, self.input, self.attempt = start.skill, start.input, start.attempt
        self.attempt_id, self.answers, self.remote_task = start.attempt_id, start.answers, start.remote_task
        self.workdir = Path(start.workdir)
        self._connection = connection
        self._sending, self._calling = threading.Lock(), threading.Lock()
        self._answers: queue.SimpleQueue[messages.ToChild] = queue.SimpleQueue()
        self._sent_at = 0.0
        self._is_to_stop, self._is_closed, self._is_over = threading.Event(), threading.Event(), threading.Event()
        threading.Thread(target=self._receive, daemon=True).start()

    def checkpoint(self) -> None:
        if time.monotonic() - self._sent_at >= ALIVE_SECONDS:
            self._send(messages.Alive())
        if self._is_to_stop.is_set():
            raise JobStopped

    def progress(self, fraction: float, message: str = "") -> None:
        self._send(messages.Progress(fraction, message))
        self.checkpoint()

    def keep(self, path: Path, *, name: str, kind: str, media_type: str) -> str:
        return self._call(messages.Keep(str(path.absolute()), name, kind, media_type))

    def fetch(self, artifact_id: str) -> Path:
        return Path(self._call(messages.Fetch(artifact_id)))

    def set_remote_task(self, remote_task: str) -> None:
        self._call(messages.SetRemoteTask(remote_task))
        self.remote_task = remote_task

    def check_budget(self) -> None:
        self._call(messages.CheckBudget())

    def report_usage(self, usage: Usage) -> None:
        self._send(messages.Used(usage))

    def end(self, outcome: Message) -> None:
        """Sends the outcome, and waits until the other side has closed the socket."""
        self._is_over.set()
        try:
            self._send(outcome)
        except JobStopped:
            return
        self._is_closed.wait()

    def _send(self, message: Message) -> None:
        try:
            with self._sending:
                messages.send(self._connection, message)
                self._sent_at = time.monotonic()
        except OSError:
            raise JobStopped from None  # the runner is gone

    def _call(self, message: Message) -> str:
        with self._calling:  # one at a time, so that each gets its own answer
            self.checkpoint()
            self._send(message)
            match self._answers.get():
                case messages.Answer(value):
                    return value
                case messages.Refused() as refused:
                    raise refused.error()
                case messages.Broken(text, errno):
                    raise OSError(errno, text) if errno else RuntimeError(text)
                case _:
                    raise JobStopped

    def _receive(self) -> None:
        try:
            while True:
                message = messages.receive_in_child(self._connection)
                if isinstance(message, messages.Stop):
                    self._is_to_stop.set()
                self._answers.put(message)
        except (EOFError, OSError):
            self._is_closed.set()
        if not self._is_over.is_set():
            os._exit(1)  # the runner does not wait for the job any more, and the guard is gone


if __name__ == "__main__":
    main(sys.argv[1])
