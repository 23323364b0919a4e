"""The same tests on the database of larger installations: it is stricter about types, and locks by rows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
SAME_TESTS = [str(FOLDER / f"test_{name}.py") for name in ("registry", "metrics", "agents_api")]


@pytest.mark.timeout(300)  # a run of tests of its own
def test_agents_are_counted_and_chosen_on_postgresql_as_on_sqlite(postgresql: str) -> None:
    settings = {
        "CALLBOARD_TESTS_POSTGRESQL_URL": postgresql,
        "DJANGO_SETTINGS_MODULE": "tests.agents.postgresql_settings",
    }
    # Its folder goes anyway; and dropping a database on a very busy machine has ended this server.
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", *SAME_TESTS],
        env={**os.environ, **settings},
        cwd=FOLDER.parent.parent,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3_000:] + ended.stderr[-1_000:]
