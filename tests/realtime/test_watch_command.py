"""`manage.py watch`: a workflow of a running server, live in the terminal."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from django.core.management import CommandError, call_command

from realtime.management.commands import watch as watch_command
from tests.cast import PASSWORD
from tests.realtime.sample_server import SampleServer
from tests.server import ROOT, Server
from tests.waiting import wait_for

TIMEOUT_SECONDS = 60


@pytest.fixture
def sample_server(tmp_path: Path) -> Iterator[SampleServer]:
    """A server for one test alone."""
    with SampleServer(tmp_path) as server:
        yield server


def watch(server: SampleServer, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    as_in_a_terminal = ("env", "--default-signal=INT")  # a test run in the background ignores Ctrl-C, and hands that on
    return subprocess.Popen(
        [*as_in_a_terminal, sys.executable, "manage.py", "watch", *arguments, "--url", server.url],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "DATA_DIR": str(server.data_dir),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_workflow_is_watched_to_its_end_through_a_crash_of_the_server(sample_server: SampleServer) -> None:
    workflow_id = sample_server.create_workflow("alice")
    command = watch(sample_server, workflow_id, "--username", "alice", CALLBOARD_PASSWORD=PASSWORD)
    wait_until_watched(sample_server)
    sample_server.kill()
    sample_server.let_go()
    sample_server.start()
    output, _ = command.communicate(timeout=TIMEOUT_SECONDS)
    assert command.returncode == 0, output
    assert "completed" in output
    assert "3 of 3" in output


def test_ctrl_c_ends_the_looking_in_a_sentence(sample_server: SampleServer) -> None:
    workflow_id = sample_server.create_workflow("alice")
    command = watch(sample_server, workflow_id, "--username", "alice", CALLBOARD_PASSWORD=PASSWORD)
    wait_until_watched(sample_server)
    command.send_signal(signal.SIGINT)
    output, _ = command.communicate(timeout=TIMEOUT_SECONDS)
    assert "Stopped looking; the work goes on." in output
    assert "Traceback" not in output
    assert command.returncode == 130


def wait_until_watched(server: SampleServer) -> None:
    """Returns once a client has subscribed to something."""

    def is_watched() -> bool:
        metrics = httpx2.get(f"{server.url}/metrics", trust_env=False).text
        return 'callboard_watchers{target="workflow"} 1.0' in metrics

    wait_for(is_watched)


@pytest.fixture
def silent_address() -> Iterator[str]:
    """Where somebody listens who never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_an_address_where_nobody_answers_is_named_within_five_seconds(
    silent_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watch_command.ANSWER_SECONDS < 5
    monkeypatch.setattr(watch_command, "ANSWER_SECONDS", 0.2)
    monkeypatch.setenv("CALLBOARD_TOKEN", "any")
    with pytest.raises(CommandError, match=re.escape(f"{silent_address} does not answer")):
        call_command("watch", str(uuid4()), "--url", silent_address)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "http://[::1", "http://callboard.invalid"])
def test_an_address_that_cannot_be_reached_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLBOARD_TOKEN", "any")
    with pytest.raises(CommandError, match=re.escape(f"{url} does not answer")):
        call_command("watch", str(uuid4()), "--url", url)


@pytest.mark.parametrize(
    ("arguments", "access", "reason"),
    [
        ([], "bob", "not yours to see"),
        ([], "nonsense", "not valid"),
        ([], "", "Who are you?"),
        (["--username", "alice", "--password", "wrong"], "", "No active account"),
    ],
)
def test_what_cannot_be_watched_is_refused_in_a_sentence(
    server: Server, monkeypatch: pytest.MonkeyPatch, arguments: list[str], access: str, reason: str
) -> None:
    token = server.token(access) if access == "bob" else access
    monkeypatch.setenv("CALLBOARD_TOKEN", token)
    with pytest.raises(CommandError, match=re.escape(reason)):
        call_command("watch", str(uuid4()), "--url", server.url, *arguments)


def test_what_is_no_id_of_a_workflow_is_refused_in_a_sentence(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLBOARD_TOKEN", server.token("alice"))
    with pytest.raises(CommandError):
        call_command("watch", "nonsense", "--url", server.url)
