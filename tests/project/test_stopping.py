"""A stopped Callboard with SQLite leaves one file: whoever copies it has everything."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests import prepared_data
from tests.prepared_data import ROOT, child_environment
from tests.server import Server
from tests.waiting import wait_for
from tests.worker import Worker


def events_in(database: Path) -> int:
    with closing(sqlite3.connect(database)) as opened:
        return int(opened.execute("SELECT COUNT(*) FROM workflows_event").fetchone()[0])


def copied(data_dir: Path, to: Path) -> Path:
    """A copy of the database file alone."""
    return Path(shutil.copy(data_dir / "callboard.sqlite3", to / "copy.sqlite3"))


def start_film(server: Server) -> str:
    with server.client("alice") as api:
        given = {"idea": "A fox finds a lantern", "scenes": 1}
        made = api.post("/api/workflows/", json={"pipeline": "idea2video", "input": given}).raise_for_status()
        return str(made.json()["id"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_events_of_a_server_that_was_stopped_are_in_the_database_file(
    tmp_path: Path, number: signal.Signals
) -> None:
    server = Server(tmp_path)
    server.start()
    start_film(server)
    database = tmp_path / "callboard.sqlite3"
    wait_for(lambda: events_in(database) > 5)
    server.end(number)
    copy = copied(tmp_path, tmp_path)
    assert events_in(copy) == events_in(database) > 5


def test_all_events_of_a_worker_that_was_stopped_are_in_the_database_file(tmp_path: Path) -> None:
    server = Server(tmp_path, {"RUNNER": "none"})
    server.start()
    start_film(server)
    server.kill()  # so that the worker alone is left
    database = tmp_path / "callboard.sqlite3"
    with Worker(tmp_path, "worker", ["manage", "worker"]) as worker:
        wait_for(lambda: events_in(database) > 5)
        worker.stop()
    copy = copied(tmp_path, tmp_path)
    assert events_in(copy) == events_in(database) > 5


def test_all_rows_of_a_command_that_has_ended_are_in_the_database_file(tmp_path: Path) -> None:
    prepared_data.copy_to(tmp_path)
    with closing(sqlite3.connect(tmp_path / "callboard.sqlite3")) as reader:
        # Somebody else has the database open, so that the command's own connection is not the last one.
        reader.execute("SELECT COUNT(*) FROM auth_user").fetchone()
        manage(
            tmp_path, "shell", "-c", "from django.contrib.auth.models import User; User.objects.create(username='x')"
        )
        with closing(sqlite3.connect(copied(tmp_path, tmp_path))) as copy:
            assert copy.execute("SELECT COUNT(*) FROM auth_user WHERE username = 'x'").fetchone() == (1,)


def manage(data_dir: Path, *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=child_environment(data_dir), check=True)
