"""The same tests on the database of larger installations: it is stricter about types, and locks by rows."""

from pathlib import Path

import pytest

from tests.on_postgresql import run_on_postgresql

FOLDER = Path(__file__).parent
SAME_TESTS = [str(FOLDER / f"test_{name}.py") for name in ("registry", "metrics", "agents_api")]


@pytest.mark.timeout(300)  # a run of tests of its own
def test_agents_are_counted_and_chosen_on_postgresql_as_on_sqlite(postgresql: str) -> None:
    run_on_postgresql(postgresql, *SAME_TESTS, seconds=280)
