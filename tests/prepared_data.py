"""A DATA_DIR with a migrated database, the cast and the static files: made once in a test run, copied for each server."""

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.cast import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
FRONTEND_DIST = Path(os.environ.get("FRONTEND_DIST") or ROOT / "var" / "frontend" / "dist")
FOLDER_VARIABLE = "CALLBOARD_TESTS_PREPARED_DATA"
PREPARE_SECONDS = 300
COMMAND_SECONDS = 120  # on a busy machine


def share() -> None:
    """Names the folder in which all workers of this run find the data; it is gone after the run."""
    if FOLDER_VARIABLE not in os.environ:
        folder = os.environ[FOLDER_VARIABLE] = tempfile.mkdtemp(prefix="callboard-tests-prepared-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def copy_to(data_dir: Path) -> None:
    """Copies the data, unless there is a database already."""
    if (data_dir / "callboard.sqlite3").exists():
        return
    prepared = _prepared()
    shutil.copytree(prepared / "static", data_dir / "static", dirs_exist_ok=True)
    shutil.copy(prepared / "callboard.sqlite3", data_dir)
    (data_dir / "logs").mkdir(exist_ok=True)


def child_environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """For a process with the settings of a real server. Its bytecode is kept, whatever the test run does with its own."""
    dropped = ("COVERAGE_PROCESS", "PYTHONDONTWRITEBYTECODE")  # a traced film would take twice as long
    return {
        "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "cache" / "pycache"),
        **{name: value for name, value in os.environ.items() if not name.startswith(dropped)},
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "DATA_DIR": str(data_dir),
        "FRONTEND_DIST": str(FRONTEND_DIST),
        "CALLBOARD_ADMIN_PASSWORD": PASSWORD,
        **settings,
    }


def manage(data_dir: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `manage.py` with this command said, and how it ended."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=child_environment(data_dir, **environment),
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )


def _prepared() -> Path:
    folder = Path(os.environ[FOLDER_VARIABLE])
    data_dir, stamp = folder / "data", folder / "stamp"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker makes it, the others wait
        if not stamp.exists():
            data_dir.mkdir(exist_ok=True)
            command = [sys.executable, "-m", "tests.cast"]
            subprocess.run(command, cwd=ROOT, env=child_environment(data_dir), check=True, timeout=PREPARE_SECONDS)
            stamp.touch()
    return data_dir
