"""The file of a backup: a tar whose last member lists all others with their sizes and SHA-256.

database.sqlite3 or database.dump · secret_key · media/<path in the storage> … · manifest.json
"""

import hashlib
import os
import re
import tarfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from project.backups import BackupError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SECRET_KEY: Final = "secret_key"  # noqa: S105 - the name of a file
MEDIA: Final = "media/"
CHUNK_BYTES: Final = 1024 * 1024
LARGEST_MANIFEST: Final = 1024 * 1024 * 1024
# Nothing else is ever written to a disk: no absolute path, no "..", no hidden file.
_SAFE: Final = re.compile(r"database\.(?:sqlite3|dump)|secret_key|media/[\w-][\w.-]*(?:/[\w-][\w.-]*)+")

Report = Callable[[int], None]  # is told of each piece of so many bytes


class Member(msgspec.Struct, frozen=True):
    """What the manifest says of one file."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, kw_only=True):
    """What is in the archive, and where it comes from."""

    format: int
    version: str  # of the Callboard that made it
    created_at: str
    database: str  # "sqlite" or "postgresql"
    media: str  # "files": they are in it; "s3": they are not
    migrations: list[tuple[str, str]]  # that its database has, by app and name
    files: dict[str, Member] = {}


@dataclass
class Writer:
    """Adds files to an archive that is being made."""

    tar: tarfile.TarFile
    files: dict[str, Member] = field(default_factory=dict)

    def add(self, name: str, file: BinaryIO, size: int, report: Report) -> None:
        """Adds a file of exactly `size` bytes."""
        reader = _Hashing(file, report)
        self.tar.addfile(_info(name, size), reader)  # type: ignore[arg-type]  # it only reads
        self.files[name] = Member(size, reader.sha256.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Adds the manifest, of the files that it names and no others."""
        content = msgspec.json.encode(manifest)
        self.tar.addfile(_info(MANIFEST, len(content)), BytesIO(content))


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A new archive, which only its owner can read. It has its name when all of it is on the disk."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def verified(file: BinaryIO, report: Report) -> Manifest:
    """The manifest, if all that it lists is in the archive and unharmed.

    Raises: BackupError.
    """
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    for name, content, size in _members(file):
        if name == MANIFEST:
            manifest = _manifest(content, size)
            continue
        reader = _Hashing(content, report)
        while reader.read(CHUNK_BYTES):
            pass
        found[name] = Member(size, reader.sha256.hexdigest())
    if manifest is None:
        raise BackupError("The archive has no manifest: it is incomplete, or not one of Callboard's.")
    for name, member in manifest.files.items():
        if found.get(name) != member:
            raise BackupError(f"The archive is damaged: {name} is not what was put into it. Nothing was changed.")
    return manifest


def contents(file: BinaryIO, names: Collection[str]) -> Iterator[tuple[str, BinaryIO]]:
    """The files of these names, one after the other; each is read before the next one."""
    for name, content, _ in _members(file):
        if name in names:
            yield name, content


def _members(file: BinaryIO) -> Iterator[tuple[str, BinaryIO, int]]:
    """Name, content and size of each member.

    Raises: BackupError for one that is no file or has a name that no backup has.
    """
    file.seek(0)
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or (member.name != MANIFEST and not _SAFE.fullmatch(member.name)):
                    raise BackupError(f"The archive holds something that no backup has: {member.name!r}.")
                yield member.name, content, member.size  # type: ignore[misc]  # a BufferedReader
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"The archive cannot be read: {error}.") from None


def _manifest(content: BinaryIO, size: int) -> Manifest:
    try:
        manifest = msgspec.json.decode(content.read(min(size, LARGEST_MANIFEST)), type=Manifest)
    except msgspec.DecodeError as error:
        raise BackupError(f"The archive's manifest cannot be read: {error}.") from None
    if manifest.format != FORMAT:
        raise BackupError(f"The archive has the format {manifest.format}; this Callboard reads {FORMAT}.")
    return manifest


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


class _Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO, report: Report) -> None:
        self._file, self._report = file, report
        self.sha256 = hashlib.sha256()

    def read(self, size: int) -> bytes:
        """The next bytes.

        Raises: BackupError where an archive ends too early.
        """
        try:
            chunk = self._file.read(size)
        except tarfile.ReadError as error:
            raise BackupError(f"The archive cannot be read: {error}.") from None
        self.sha256.update(chunk)
        self._report(len(chunk))
        return chunk
