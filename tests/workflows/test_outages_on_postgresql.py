"""A connection that breaks is an outage that SQLite does not know."""

from pathlib import Path

import pytest

from tests.on_postgresql import run_on_postgresql

OUTAGES = str(Path(__file__).parent / "test_outages.py")
RUN_SECONDS = 300  # on a busy machine; alone it takes a tenth of that


@pytest.mark.timeout(2 * RUN_SECONDS)
def test_what_an_agent_has_done_survives_a_broken_connection_to_postgresql(postgresql: str) -> None:
    printed = run_on_postgresql(postgresql, OUTAGES, "-k", "connection_that_breaks", seconds=RUN_SECONDS)
    assert "1 passed" in printed
