"""manage.py serve_agent: one agent alone, in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from django.core.management import CommandError, call_command

from tests.a2a.peers import BINDINGS, VERSION, Peer, message
from tests.prepared_data import ROOT, child_environment
from tests.server import START_SECONDS, end, free_port


@pytest.fixture
def port() -> int:
    """Where it serves."""
    return free_port()


@pytest.fixture
def planner(tmp_path: Path, port: int) -> Iterator[list[str]]:
    """The script planner alone, in a folder of its own; what it has printed before it served."""
    arguments = ["script_planner", "--port", str(port), "--data-dir", str(tmp_path / "planner")]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve_agent", *arguments],
        cwd=ROOT,
        env=child_environment(tmp_path / "caller", DATABASE_URL=f"sqlite:///{tmp_path / 'callers.sqlite3'}"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        printed = []
        for line in process.stdout:
            printed.append(line.decode().strip())
            if line.startswith(b"Callboard is at"):
                break
        assert process.poll() is None, printed
        yield printed
    finally:
        assert end(process, signal.SIGTERM) == 0
        process.stdout.close()


@pytest.mark.timeout(START_SECONDS)
def test_an_agent_alone_has_its_own_database_and_token(planner: list[str], tmp_path: Path, port: int) -> None:
    url = f"http://127.0.0.1:{port}/a2a/script_planner"
    token = (tmp_path / "planner" / "a2a_token").read_text()
    assert f"manage.py register_agent {url}/ --bearer-env AGENT_TOKEN_SCRIPT_PLANNER" in planner
    assert token not in "\n".join(planner)
    assert (tmp_path / "planner" / "a2a_token").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "callers.sqlite3").exists()

    with httpx2.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False) as http:
        base = f"http://127.0.0.1:{port}"
        assert [agent["name"] for agent in http.get(f"{base}/a2a/").json()["agents"]] == ["script_planner"]
        assert http.get(f"{base}/.well-known/agent-card.json").json()["name"] == "script_planner"
        assert http.get(f"{base}/a2a/screenwriter/tasks", headers=VERSION).status_code == 404
        peers: list[Peer] = [binding(http, url) for binding in BINDINGS]
        for peer in peers:
            task = peer.send(message("A lighthouse keeper finds a message in a bottle"))
            assert task["status"]["state"] == "TASK_STATE_COMPLETED"
            assert task["artifacts"][-1]["parts"][0]["data"]["scenes"] == 3


def test_an_agent_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(CommandError, match=r"no agent 'juggler' here\. There are: .*clip_maker"):
        call_command("serve_agent", "juggler")


def test_a_token_that_is_not_there_is_missed(tmp_path: Path) -> None:
    assert "NO_SUCH_TOKEN" not in os.environ
    with pytest.raises(CommandError, match="NO_SUCH_TOKEN is not set"):
        call_command("serve_agent", "script_planner", "--data-dir", str(tmp_path), "--token-env", "NO_SUCH_TOKEN")
