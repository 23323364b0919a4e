"""Runners and what they leave behind, tested again on PostgreSQL, where many may work at the same time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
SAME_TESTS = [str(FOLDER / f"test_{name}.py") for name in ("shared_runners", "liveness", "recovery")]


@pytest.mark.timeout(300)  # a run of tests of its own
def test_runners_share_work_on_postgresql(postgresql: str) -> None:
    settings = {
        "CALLBOARD_TESTS_POSTGRESQL_URL": postgresql,
        "DJANGO_SETTINGS_MODULE": "tests.agents.postgresql_settings",
    }
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
    assert "skipped" not in ended.stdout
