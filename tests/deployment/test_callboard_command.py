"""The command `callboard` of deploy/: always the service's settings, and upgrades that lose nothing, whatever happens."""

import os
import pwd
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.cast import PASSWORD
from tests.deployment.test_container import copied, put
from tests.server import FRONTEND_DIST, ROOT, free_port
from tests.upgrades.test_from_releases import goes_on, stories
from tests.workflows.test_crash import FILM_SECONDS, events_until

UPGRADE_SECONDS = 300  # on a busy machine: manage.py is started four times, and the server twice
COMMAND = ROOT / "deploy/callboard"
BROKEN = """
from django.db import migrations

def spoil(apps, schema_editor):
    apps.get_model("workflows", "Event").objects.all().delete()

class Migration(migrations.Migration):
    atomic = False
    dependencies = [{dependency}]
    operations = [migrations.RunPython(spoil), migrations.RunSQL("SELECT this fails")]
"""
# systemd cannot run here: what it does when `callboard` asks it, with one server.
SYSTEMCTL = """#!/bin/sh
case $1 in
start)
    set -a
    . "$CALLBOARD_SETTINGS"
    cd "$CALLBOARD_HOME/current" || exit
    script/server --no-setup </dev/null >>"$CALLBOARD_HOME/server.log" 2>&1 &
    echo $! >"$CALLBOARD_HOME/pid" ;;
stop)
    pid=$(cat "$CALLBOARD_HOME/pid" 2>/dev/null) || exit 0
    kill "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done ;;
esac
"""


@dataclass
class Installation:
    """One in a folder, as the guide makes it in /opt, /etc and /var."""

    folder: Path
    port: int

    @property
    def data_dir(self) -> Path:
        """DATA_DIR of its settings."""
        return self.folder / "data"

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """`callboard ARGUMENTS`, as somebody whose own environment is of another Callboard."""
        mine = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "CALLBOARD_HOME": str(self.folder),
            "CALLBOARD_SETTINGS": str(self.folder / "callboard.env"),
            "CALLBOARD_BACKUPS": str(self.folder / "backups"),
            "CALLBOARD_USER": pwd.getpwuid(os.geteuid()).pw_name,
            "DATA_DIR": "/nowhere",
            **variables,
        }
        return subprocess.run(
            [COMMAND, *arguments], env=mine, capture_output=True, text=True, timeout=UPGRADE_SECONDS, check=False
        )

    def add_release(self, name: str) -> Path:
        """One that is built: this code, with the packages and pages that are here."""
        release = self.folder / "releases" / name
        for sources, _ in copied():
            for part in sources:
                put(ROOT / part, release / part)
        python = release / ".venv/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec {ROOT}/.venv/bin/python "$@"\n')
        python.chmod(0o755)
        (release / "var/frontend").mkdir(parents=True)
        (release / "var/frontend/dist").symlink_to(FRONTEND_DIST)
        (release / ".built").touch()
        return release

    def current(self) -> str:
        """The name of the current release."""
        return (self.folder / "current").resolve().name

    def client(self) -> httpx2.Client:
        """Signed in as its first user."""
        http = httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=40, trust_env=False)
        who = {"username": "admin", "password": PASSWORD}
        token = http.post("/api/auth/token/", json=who).raise_for_status().json()["access"]
        http.headers["Authorization"] = f"Bearer {token}"
        return http


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """With one release, and nothing that runs."""
    installation = Installation(tmp_path, free_port())
    installation.data_dir.mkdir()
    (tmp_path / "bin").mkdir()
    systemctl = tmp_path / "bin/systemctl"
    systemctl.write_text(SYSTEMCTL)
    systemctl.chmod(0o755)
    (tmp_path / "callboard.env").write_text(
        f"# Settings\nDATA_DIR={installation.data_dir}\nPORT={installation.port}\n"
        f'CALLBOARD_ADMIN_PASSWORD="{PASSWORD}"\nFRONTEND_DIST={tmp_path}/current/var/frontend/dist\n'
        f"PYTHONPYCACHEPREFIX={ROOT}/var/cache/pycache\n"
    )
    (tmp_path / "current").symlink_to(installation.add_release("1"))
    yield installation
    installation.run("stop")


def test_it_takes_the_settings_of_the_service_whatever_the_caller_has_set(installation: Installation) -> None:
    asked = "from django.conf import settings as s; print(s.DATA_DIR, s.PORT, s.FRONTEND_DIST)"
    ran = installation.run(
        "manage", "shell", "--no-imports", "--command", asked, PORT="1", DATABASE_URL="sqlite:////tmp/x"
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [str(installation.data_dir), str(installation.port), str(FRONTEND_DIST.resolve())]


def test_values_are_read_as_systemd_reads_them(installation: Installation) -> None:
    with (installation.folder / "callboard.env").open("a") as settings:
        settings.write('A=a$b#c d&e \n; a comment\nB="it\'s $HOME"\nC=\'a "b"\'\nD=\n')
    asked = "import os; print([os.environ[name] for name in 'ABCD'])"
    ran = installation.run("manage", "shell", "--no-imports", "--command", asked)
    assert ran.stdout.splitlines() == [str(["a$b#c d&e", "it's $HOME", 'a "b"', ""])], ran.stderr


def test_a_line_that_systemd_would_read_otherwise_is_refused_without_its_value(installation: Installation) -> None:
    with (installation.folder / "callboard.env").open("a") as settings:
        settings.write('SECRET_KEY=se"cret\n')
    ran = installation.run("manage", "check")
    assert ran.returncode == 1
    assert "put the value of SECRET_KEY in quotes" in ran.stderr
    assert "cret\n" not in ran.stderr


def test_what_it_does_not_know_is_answered_with_what_it_does(installation: Installation) -> None:
    for arguments in (["juggle"], ["restore"], []):
        ran = installation.run(*arguments)
        assert ran.returncode == 1
        assert "callboard upgrade [RELEASE]" in ran.stderr


def test_a_release_is_built_of_a_checkout_without_what_lies_about_in_it(
    installation: Installation, tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    for folder in ("script", "var", ".git", ".venv", "project"):
        (checkout / folder).mkdir(parents=True)
    setup = checkout / "script/setup"
    setup.write_text('#!/bin/sh\nmkdir -p "$DATA_DIR" && echo "$@" >"$DATA_DIR/asked"\n')
    setup.chmod(0o755)
    ran = installation.run("build", str(checkout))
    assert ran.returncode == 0, ran.stderr
    (release,) = (path for path in (tmp_path / "releases").iterdir() if path.name != "1")
    assert (release / "var/asked").read_text() == "--no-database\n"
    assert not (release / ".git").exists()
    assert not (release / ".venv").exists()
    assert installation.current() == "1"
    assert installation.run("releases").stdout.splitlines() == ["* 1", f"  {release.name}"]


@pytest.mark.timeout(3 * FILM_SECONDS)
def test_films_survive_an_upgrade_that_fails_and_one_that_does_not(installation: Installation) -> None:
    with tarfile.open(ROOT / "tests/upgrades/0.1.0.tar.gz") as archive:
        archive.extractall(installation.data_dir, filter="data")
    before = stories(installation.data_dir)
    assert installation.run("manage", "migrate", "--no-input").returncode == 0
    assert installation.run("start").returncode == 0
    broken = installation.add_release("2") / "workflows/migrations"
    last = sorted(path.stem for path in broken.glob("0*.py"))[-1]
    (broken / "9999_broken.py").write_text(BROKEN.format(dependency=("workflows", last)))
    installation.add_release("3")

    failed = installation.run("upgrade", "2")
    assert failed.returncode == 1
    assert "The upgrade failed. 1 runs again, with the data of before." in failed.stderr
    assert installation.current() == "1"
    assert stories(installation.data_dir)["paused"] == before["paused"]  # not spoiled

    upgraded = installation.run("upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    assert installation.current() == "3"
    with closing(installation.client()) as api:
        films = api.get("/api/workflows/").raise_for_status().json()["results"]
        (film,) = (film["id"] for film in films if film["state"] != "paused")
        events_until(api, film, {"workflow_completed", "workflow_failed"})
        goes_on(api, film, before["running"])

    assert installation.run("rollback").returncode == 1  # it says first what will be gone
    assert installation.run("rollback", "--yes").returncode == 0
    assert installation.current() == "1"
    installation.run("stop")
    assert stories(installation.data_dir)["paused"] == before["paused"]


def test_a_backup_lies_where_only_the_service_can_read_it(installation: Installation) -> None:
    assert installation.run("manage", "migrate", "--no-input").returncode == 0
    made = installation.run("backup")
    assert made.returncode == 0, made.stderr
    (backup,) = (installation.folder / "backups").glob("*.tar")
    database = installation.data_dir / "callboard.sqlite3"
    assert (backup.stat().st_mode & 0o777, backup.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TABLE workflows_event")
    restored = installation.run("restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    installation.run("stop")
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM workflows_event").fetchone() == (0,)
