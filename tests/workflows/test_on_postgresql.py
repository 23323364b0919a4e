"""Runners and what they leave behind, tested again on PostgreSQL, where many may work at the same time."""

from pathlib import Path

import pytest

from tests.on_postgresql import run_on_postgresql

FOLDER = Path(__file__).parent
SAME_TESTS = [str(FOLDER / f"test_{name}.py") for name in ("shared_runners", "liveness", "recovery")]


@pytest.mark.timeout(300)  # a run of tests of its own
def test_runners_share_work_on_postgresql(postgresql: str) -> None:
    assert "skipped" not in run_on_postgresql(postgresql, *SAME_TESTS, seconds=280)
