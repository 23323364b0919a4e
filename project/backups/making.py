"""Makes a backup, while films are made.

A file is stored before its row is written, and content under a name never changes. So the files of a copy of the database are
all there at its moment; only a deletion after it may take one away. Then the database is copied again, and only what is new
since is added, until the last copy has all of its files in the archive. Files that only earlier copies knew are not listed.
"""

import os
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings

from agents.timestamps import iso_timestamp
from project.backups import BackupError, archive, databases
from project.backups.archive import Manifest, Writer
from workflows.artifacts.storage import AtomicFileSystemStorage
from workflows.models import artifact_storage

ROUNDS: Final = 20  # of copying the database; each is quicker than the one before, as it has less to add


class Progress(Protocol):
    """Is told how far it is."""

    def expect(self, size: int) -> None:
        """So many bytes are still to come."""
        ...

    def advance(self, size: int) -> None:
        """So many bytes are done."""
        ...


@dataclass
class Made:
    """What is in a finished backup, and what is not."""

    files: int = 0
    missing: set[str] = field(default_factory=set)  # rows of artifacts whose files had been lost before
    has_media: bool = True
    has_secret_key: bool = True


def make(path: Path, progress: Progress) -> Made:
    """Writes the archive.

    Raises: BackupError, OSError.
    """
    made = Made(has_media=has_files(), has_secret_key=_key_file().is_file() and not settings.SECRET_KEY_IS_GIVEN)
    database = databases.current()
    with (
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder,
        archive.written(path) as writer,
    ):
        if made.has_secret_key:
            key = _key_file().read_bytes()
            writer.add(archive.SECRET_KEY, BytesIO(key), len(key), progress.advance)
        copy = _complete_copy(database, Path(folder) / database.member, writer, made, progress)
        size = copy.file.stat().st_size
        progress.expect(size)
        with copy.file.open("rb") as file:
            writer.add(database.member, file, size, progress.advance)
        writer.finish(_manifest(database, copy, writer))
        made.files = len(copy.artifacts) - len(made.missing) if made.has_media else 0
    return made


def _complete_copy(
    database: databases.Database, to: Path, writer: Writer, made: Made, progress: Progress
) -> databases.Copy:
    """A copy of the database with all of whose files are in the archive, but those that are missing for good."""
    gone: set[str] = set()
    for _ in range(ROUNDS):
        copy = database.copy(to)
        if not made.has_media:
            return copy
        wanted = {name: size for name, size in copy.artifacts.items() if archive.MEDIA + name not in writer.files}
        # A file that was gone a moment ago and still has its row did not go with a deletion: it is lost.
        made.missing = gone & wanted.keys()
        gone = _add_files(wanted.keys() - made.missing, wanted, writer, progress)
        if not gone:
            return copy
        gone |= made.missing
    raise BackupError("Files are deleted faster than they can be copied. Try again when less is deleted.")


def _add_files(names: set[str], sizes: dict[str, int], writer: Writer, progress: Progress) -> set[str]:
    """Adds the files; returns the names of those that are not there any more."""
    progress.expect(sum(sizes[name] for name in names))
    storage, gone = artifact_storage(), set()
    for name in sorted(names):
        try:
            with Path(storage.path(name)).open("rb") as file:
                writer.add(archive.MEDIA + name, file, os.fstat(file.fileno()).st_size, progress.advance)
        except FileNotFoundError:
            gone.add(name)
    return gone


def has_files() -> bool:
    """Whether artifacts are files here; in a bucket they have the backup of that bucket."""
    return isinstance(artifact_storage(), AtomicFileSystemStorage)


def _key_file() -> Path:
    return Path(settings.DATA_DIR) / "secret_key"


def _manifest(database: databases.Database, copy: databases.Copy, writer: Writer) -> Manifest:
    listed = {archive.SECRET_KEY, database.member, *(archive.MEDIA + name for name in copy.artifacts)}
    return Manifest(
        format=archive.FORMAT,
        version=settings.VERSION,
        created_at=iso_timestamp(datetime.now(UTC)),
        database=database.kind,
        media="files" if has_files() else "s3",
        migrations=[(app, name) for app, name in copy.migrations],
        files={name: member for name, member in writer.files.items() if name in listed},
    )
