"""A connection that breaks is an outage that SQLite does not know."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
RUN_SECONDS = 300  # on a busy machine; alone it takes a tenth of that


@pytest.mark.timeout(2 * RUN_SECONDS)
def test_what_an_agent_has_done_survives_a_broken_connection_to_postgresql(postgresql: str) -> None:
    settings = {
        "CALLBOARD_TESTS_POSTGRESQL_URL": postgresql,
        "DJANGO_SETTINGS_MODULE": "tests.agents.postgresql_settings",
    }
    chosen = [str(FOLDER / "test_outages.py"), "-k", "connection_that_breaks"]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", *chosen],
        env={**os.environ, **settings},
        cwd=FOLDER.parent.parent,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3_000:] + ended.stderr[-1_000:]
    assert "1 passed" in ended.stdout
