"""What SQLite needs at the end of a process: that the database is one file again.

Writes go to the file `-wal` first. SQLite moves them over when the last connection is closed; but threads of a process that ends do
not close theirs. So whoever copied the database of a stopped server would miss its newest rows.
"""

import atexit
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connections

log = logging.getLogger(__name__)

# Others that use the database have to wait meanwhile, see https://www.sqlite.org/pragma.html#pragma_wal_checkpoint.
CHECKPOINT_SECONDS: Final = 1.0


def database_file() -> Path | None:
    """The database, where it is a file of SQLite; else None."""
    database = settings.DATABASES.get("default", {})
    is_sqlite = str(database.get("ENGINE", "")).endswith("sqlite3")
    return Path(database["NAME"]) if is_sqlite else None


def checkpoint_at_exit() -> None:
    """Has the end of this process move all that was written into the database file, whatever kind of process it is.

    Called early: what is registered later, such as the stop of a runner, comes before it.
    """
    if (path := database_file()) is not None:
        atexit.register(_close, path)


def _close(path: Path) -> None:
    connections.close_all()
    if has_wal(path):
        try:
            checkpoint(path)
        except sqlite3.Error as error:
            log.warning("The database could not be brought into one file: %s. Nothing is lost.", error)


def has_wal(path: Path) -> bool:
    """Whether there may be rows that are not in the database file yet."""
    wal = Path(f"{path}-wal")
    return path.exists() and wal.exists() and wal.stat().st_size > 0


def checkpoint(path: Path) -> bool:
    """Moves all that was written into the database file. False when somebody who uses it did not let it.

    Raises: sqlite3.Error.
    """
    with closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=CHECKPOINT_SECONDS, uri=True)
    ) as database:
        is_busy, _, _ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy
