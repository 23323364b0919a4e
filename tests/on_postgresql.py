"""Runs tests again on PostgreSQL, in a process of their own: the database of a run is chosen by its settings."""

import os
import subprocess
import sys
from pathlib import Path

from tests.fixtures.measuring import measured

ROOT = Path(__file__).parent.parent


def run_on_postgresql(url: str, *chosen: str, seconds: float) -> str:
    """Runs the chosen tests (paths and options of pytest) on the database, and asserts that they pass.

    Returns what pytest printed. Takes at most `seconds`.
    """
    settings = {"CALLBOARD_TESTS_POSTGRESQL_URL": url, "DJANGO_SETTINGS_MODULE": "tests.postgresql_settings"}
    # --reuse-db: its folder goes anyway; and dropping a database on a very busy machine has ended this server.
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", *chosen],
        env={**os.environ, **measured(), **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3_000:] + ended.stderr[-1_000:]
    return ended.stdout
