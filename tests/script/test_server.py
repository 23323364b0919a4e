"""script/server and what it runs: one sentence for what is wrong, a clean end, and nothing lost in between."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cast import PASSWORD
from tests.server import ROOT, START_SECONDS, Server, free_port


def serve(data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Tries to serve where it cannot, and returns what came of it."""
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings", "DATA_DIR": str(data_dir), **environment}
    command = [sys.executable, "-m", "script.serve"]
    return subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=START_SECONDS, check=False
    )


def test_a_port_in_use_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = serve(tmp_path, PORT=str(port))
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"Callboard cannot start: 127.0.0.1:{port} cannot be listened on (address already in use). "
        "HOST and PORT set another address."
    ]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "eighty", "PORT is 'eighty'; expected a whole number."),
        ("STUDIO_TEXT", "magic", "STUDIO_TEXT is 'magic'; expected one of offline, openai."),
        ("EXTRA_APPS", "nowhere", "EXTRA_APPS is 'nowhere'; expected the names of Django apps that are installed."),
        ("DEBUG", "perhaps", "DEBUG is 'perhaps'; expected yes or no."),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(tmp_path: Path, name: str, value: str, expected: str) -> None:
    ended = serve(tmp_path, **{name: value})
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [f"A setting is wrong: {expected}"]


def test_a_database_that_does_not_answer_is_reported_without_its_password(tmp_path: Path) -> None:
    ended = serve(tmp_path, PORT=str(free_port()), DATABASE_URL="postgres://someone:secret@127.0.0.1:1/callboard")
    assert ended.returncode == 1
    assert ended.stderr.startswith("The database does not answer:")
    assert "secret" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_server_on_the_same_folder_reports_it_and_ends(tmp_path: Path) -> None:
    lock = tmp_path / "server.lock"
    lock.write_text("4711\n")
    with lock.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        environment = {**os.environ, "DATA_DIR": str(tmp_path)}
        ended = subprocess.run(
            [ROOT / "script" / "server"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"Callboard is already running on {tmp_path} (process 4711). Stop it first, or set DATA_DIR to another folder."
    ]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_server_that_is_asked_to_end_does_so_quietly(tmp_path: Path, number: signal.Signals, status: int) -> None:
    server = Server(tmp_path)
    server.start()
    assert server.end(number) == status
    assert f"Callboard is at {server.url}" in server.output()
    assert "Traceback" not in server.output()
    assert "Traceback" not in (tmp_path / "logs" / "server.log").read_text()


def test_the_first_start_makes_a_superuser_and_prints_its_password_once(tmp_path: Path) -> None:
    server = Server(tmp_path, {"CALLBOARD_ADMIN_PASSWORD": ""}, is_new=True)
    server.start()
    password = server.output().split("Password:")[1].split()[0]
    assert server.token("admin", password)
    server.stop()
    server.start()
    server.stop()
    assert server.output().count(password) == 1
    assert password not in "".join(log.read_text() for log in (tmp_path / "logs").iterdir())


def test_a_password_that_was_given_is_never_printed(tmp_path: Path) -> None:
    server = Server(tmp_path, is_new=True)
    server.start()
    assert server.token("admin", PASSWORD)
    server.stop()
    assert PASSWORD not in server.output()
