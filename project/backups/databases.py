"""What differs between the databases: how a consistent copy is made while others write, and how it becomes the database."""

import os
import re
import shutil
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from project.backups import BackupError
from workflows import sqlite
from workflows.runners.folder import FolderLock

FILES_QUERY: Final = "SELECT file, size FROM workflows_artifact UNION SELECT file, size FROM workflows_picture"
MIGRATIONS_QUERY: Final = "SELECT app, name FROM django_migrations ORDER BY id"
BUSY_SECONDS: Final = 2.0
CONNECT_SECONDS: Final = 10
LOCK_MILLISECONDS: Final = 60_000  # for which pg_dump waits for somebody who changes the schema
STILL_RUNNING: Final = "Callboard is running on this database. Stop it, with all of its workers, and try again."


@dataclass
class Copy:
    """A copy of the database at one moment, and what stood in it then."""

    file: Path
    artifacts: dict[str, int]  # files in the storage, with their sizes
    migrations: list[tuple[str, str]]


class Database(ABC):
    """The database of the settings."""

    kind: str
    member: str  # its name in an archive

    @abstractmethod
    def copy(self, to: Path) -> Copy:
        """Makes a copy at `to`, while others write."""

    @abstractmethod
    def is_occupied(self) -> bool:
        """Whether there is something in it."""

    @abstractmethod
    def alone(self) -> AbstractContextManager[None]:
        """While nobody else uses it.

        Raises: BackupError when somebody does.
        """

    @abstractmethod
    def check(self, file: Path) -> None:
        """Raises BackupError unless `replace` can be expected to work with the copy."""

    @abstractmethod
    def replace(self, file: Path) -> None:
        """Makes the copy the database."""


def current() -> Database:
    """The database of the settings."""
    path = sqlite.database_file()
    return PostgreSQL() if path is None else SQLite(path)


# --- SQLite ---------------------------------------------------------------------------------------


class SQLite(Database):
    """A file."""

    kind = "sqlite"
    member = "database.sqlite3"

    def __init__(self, path: Path) -> None:
        self.path = path

    def copy(self, to: Path) -> Copy:
        """In one step, which is one moment, and for which no writer has to wait (https://www.sqlite.org/backup.html)."""
        if not self.path.is_file():
            raise BackupError(f"There is no database at {self.path}.")
        to.unlink(missing_ok=True)
        to.touch(0o600)
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, which somebody may also take out of the archive
            return Copy(to, dict(copy.execute(FILES_QUERY)), copy.execute(MIGRATIONS_QUERY).fetchall())

    def is_occupied(self) -> bool:
        return self.path.exists() and self.path.stat().st_size > 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        # The lock that script/server holds: none starts meanwhile.
        lock = FolderLock(Path(settings.DATA_DIR) / "server.lock")
        if not lock.take():
            raise BackupError(STILL_RUNNING)
        try:
            self._refuse_while_it_is_open()
            yield
        finally:
            lock.release()

    def _refuse_while_it_is_open(self) -> None:
        """SQLite leaves WAL mode only when nobody else has the database open, whatever kind of process that is."""
        if not self.is_occupied():
            return
        with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as database:
            try:
                database.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise BackupError(STILL_RUNNING) from None
            except sqlite3.DatabaseError:
                pass  # it is broken: that is why it is being replaced

    def check(self, file: Path) -> None:
        try:
            with closing(sqlite3.connect(file)) as database:
                (answer,) = database.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            answer = str(error)
        if answer != "ok":
            raise BackupError(f"The database in the archive is damaged ({answer}). Nothing was changed.")

    def replace(self, file: Path) -> None:
        """What is left of an earlier database's log would be played into this one, and break it."""
        for ending in ("-wal", "-shm", "-journal"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        file.replace(self.path)


# --- PostgreSQL -----------------------------------------------------------------------------------


class PostgreSQL(Database):
    """A server, with the programs of its version or a newer one."""

    kind = "postgresql"
    member = "database.dump"

    def copy(self, to: Path) -> Copy:
        """pg_dump reads the same snapshot as the queries here."""
        program = self._program("pg_dump")
        to.unlink(missing_ok=True)
        to.touch(0o600)
        with connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                cursor.execute("SELECT pg_export_snapshot()")
                (snapshot,) = cursor.fetchone()
                options = [f"--snapshot={snapshot}", f"--lock-wait-timeout={LOCK_MILLISECONDS}", f"--file={to}"]
                self._run([program, "--format=custom", "--no-owner", "--no-privileges", *options])
                cursor.execute(FILES_QUERY)
                artifacts = dict(cursor.fetchall())
                cursor.execute(MIGRATIONS_QUERY)
                return Copy(to, artifacts, cursor.fetchall())
            finally:
                cursor.execute("ROLLBACK")

    def is_occupied(self) -> bool:
        return bool(self._tables())

    @contextmanager
    def alone(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0]:
                raise BackupError(STILL_RUNNING)
        yield

    def check(self, file: Path) -> None:
        try:
            self._run([self._program("pg_restore"), "--list", str(file)], is_connecting=False)
        except BackupError as error:
            raise BackupError(f"{error} Nothing was changed.") from None

    def replace(self, file: Path) -> None:
        """In one transaction, after what was there is gone: also tables that the copy does not know."""
        program = self._program("pg_restore")
        with connection.cursor() as cursor:
            for table in self._tables():
                cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
        self._run([program, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file)])

    @staticmethod
    def _tables() -> list[str]:
        return connection.introspection.table_names()

    def _run(self, command: list[str], *, is_connecting: bool = True) -> None:
        """Runs one of PostgreSQL's programs. The password goes by the environment, which others cannot read.

        Raises: BackupError with what it says.
        """
        connection.ensure_connection()
        info = connection.connection.info
        if is_connecting:
            command = [*command[:1], f"--dbname={info.dsn}", *command[1:]]
        environment = {**os.environ, "PGPASSWORD": info.password, "PGCONNECT_TIMEOUT": str(CONNECT_SECONDS)}
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if ended.returncode:
            said = ended.stderr.strip().splitlines()
            raise BackupError(f"{Path(command[0]).name} failed: {said[0] if said else ended.returncode}.")

    @staticmethod
    def _program(name: str) -> str:
        connection.ensure_connection()
        return program(name, connection.connection.info.server_version // 10_000)


def program(name: str, server: int) -> str:
    """The path of the program that fits a server of this version: the same version if there is one, else the next newer one.

    Raises: BackupError when there is none.
    """
    found = {version: path for path in _programs(name) if (version := _version_of(path))}
    if fitting := [version for version in found if version >= server]:
        return found[min(fitting)]
    raise BackupError(_lacking(name, server, found))


def _programs(name: str) -> Iterator[str]:
    """Where Debian, Fedora and their like put each version, then the one in the PATH."""
    for folder in (Path("/usr/lib/postgresql"), Path("/usr")):
        yield from map(str, folder.glob(f"{'*' if folder.name == 'postgresql' else 'pgsql-*'}/bin/{name}"))
    if usual := shutil.which(name):
        yield usual


def _version_of(path: str) -> int:
    """The first number that the program says of itself; 0 when it does not run."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=CONNECT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return 0
    number = re.search(r"\d+", said.stdout)
    return int(number.group()) if number else 0


def _lacking(name: str, server: int, found: dict[int, str]) -> str:
    there = f"there is only that of PostgreSQL {max(found)}" if found else "there is none in the PATH"
    return (
        f"The database is PostgreSQL {server}, which needs {name} of that version or a newer one; {there}. "
        f"Install the package postgresql-client-{server}, or put its folder first in the PATH."
    )
