"""script/server and what it runs: one sentence for what is wrong, a clean end, and nothing lost in between."""

import fcntl
import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management.utils import get_random_secret_key

from project.env import kept_secret
from project.exposure import is_weak, problem
from script.prepare import make_first_superuser
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


def test_the_first_start_makes_a_superuser_and_leaves_its_password_in_no_journal(tmp_path: Path) -> None:
    """Without a terminal it stands in a file of its owner, until it has been used."""
    server = Server(tmp_path, {"CALLBOARD_ADMIN_PASSWORD": ""}, is_new=True)
    server.start()
    file = tmp_path / "admin_password"
    password = file.read_text().strip()
    assert str(file) in server.output()
    assert file.stat().st_mode & 0o777 == 0o600
    assert server.token("admin", password)
    server.stop()
    server.start()
    server.stop()
    assert not file.exists()
    assert password not in server.output()
    assert password not in "".join(log.read_text() for log in (tmp_path / "logs").iterdir())


def test_on_a_terminal_the_password_is_printed_once(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings", "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "script.prepare"]
    subprocess.run(command, cwd=ROOT, env=environment, stdout=theirs, timeout=START_SECONDS, check=True)
    assert b"(shown only now)" in os.read(ours, 10_000)
    assert not (tmp_path / "admin_password").exists()
    os.close(ours)
    os.close(theirs)


def test_a_password_that_was_given_does_not_stay_in_the_environment(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every child process would get it: ffmpeg, isolated agents."""
    monkeypatch.setenv("CALLBOARD_ADMIN_PASSWORD", PASSWORD)
    for _ in range(2):
        make_first_superuser()
        assert "CALLBOARD_ADMIN_PASSWORD" not in os.environ


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"HOST": "0.0.0.0", "DEBUG": "yes"}, "DEBUG is 'yes' while HOST is '0.0.0.0'"),
        ({"HOST": "203.0.113.7", "SECRET_KEY": "secret"}, "SECRET_KEY can be guessed while HOST is '203.0.113.7'"),
        ({"HOST": "::", "SECRET_KEY": "k" * 60}, "SECRET_KEY can be guessed while HOST is '::'"),
        ({"HTTPS": "yes", "DEBUG": "yes"}, "DEBUG is 'yes' while HTTPS is 'yes'"),
        ({"HTTPS": "yes", "SECRET_KEY": "django-insecure-" + "0123456789" * 6}, "SECRET_KEY can be guessed"),
    ],
)
def test_what_others_can_reach_does_not_start_with_debug_or_a_weak_key(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    ended = serve(tmp_path, PORT=str(free_port()), **settings)
    assert ended.returncode == 1
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith(f"A setting is wrong: {said}")
    assert settings.get("SECRET_KEY", "nothing") not in sentence.replace("SECRET_KEY", "")


def test_a_key_that_callboard_makes_is_never_weak(tmp_path: Path) -> None:
    assert not is_weak(kept_secret(tmp_path / "key", get_random_secret_key))
    assert problem(host="localhost", https=False, debug=True, secret_key="weak") == ""


def test_the_documented_deployment_passes_djangos_checks(tmp_path: Path) -> None:
    """deploy/callboard.env as it is, with its key made by Callboard."""
    lines = (ROOT / "deploy" / "callboard.env").read_text().splitlines()
    documented = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    environment = {**os.environ, **documented, "DJANGO_SETTINGS_MODULE": "project.settings", "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    checked = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=START_SECONDS, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_password_that_was_given_is_never_printed(tmp_path: Path) -> None:
    server = Server(tmp_path, is_new=True)
    server.start()
    assert server.token("admin", PASSWORD)
    server.stop()
    assert PASSWORD not in server.output()
