"""What depends on the database is tested again on PostgreSQL: it is stricter about types, locks by rows, and can break off.

In a process of its own, as the database of a run is chosen by its settings.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.measuring import measured

ROOT = Path(__file__).parent.parent
SAME_TESTS = [
    "tests/accounts/test_rotation.py",
    "tests/agents/test_registry.py",
    "tests/agents/test_metrics.py",
    "tests/agents/test_samples.py",
    "tests/agents/test_agents_admin.py",
    "tests/agents/test_agents_api.py",
    "tests/workflows/test_shared_runners.py",
    "tests/workflows/test_liveness.py",
    "tests/workflows/test_recovery.py",
    "tests/workflows/test_outages.py::test_a_result_survives_a_connection_that_breaks",
]
RUN_SECONDS = 600  # on a busy machine; alone it takes a tenth of that


@pytest.mark.timeout(RUN_SECONDS + 60)
def test_agents_runners_and_outages_are_on_postgresql_as_on_sqlite(postgresql: str) -> None:
    settings = {"CALLBOARD_TESTS_POSTGRESQL_URL": postgresql, "DJANGO_SETTINGS_MODULE": "tests.postgresql_settings"}
    # --reuse-db: its folder goes anyway; and dropping a database on a very busy machine has ended this server.
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", *SAME_TESTS],
        env={**os.environ, **measured(), **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3_000:] + ended.stderr[-1_000:]
    assert "skipped" not in ended.stdout
