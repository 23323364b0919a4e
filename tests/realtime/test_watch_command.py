"""`manage.py watch`: a workflow of a running server, live in the terminal."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from tests.cast import PASSWORD
from tests.realtime.sample_server import SampleServer
from tests.server import ROOT, Server

TIMEOUT_SECONDS = 60


@pytest.fixture
def sample_server(tmp_path: Path) -> Iterator[SampleServer]:
    """A server for one test alone."""
    with SampleServer(tmp_path) as server:
        yield server


def watch(server: SampleServer, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "watch", *arguments, "--url", server.url],
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
    sample_server.kill()
    sample_server.let_go()
    sample_server.start()
    output, _ = command.communicate(timeout=TIMEOUT_SECONDS)
    assert command.returncode == 0, output
    assert "completed" in output
    assert "3 of 3" in output


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
