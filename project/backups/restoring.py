"""Puts a backup back: checks all of it first, then the files, the key, and the database last."""

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from project.backups import BackupError, archive, databases, making
from project.backups.archive import Manifest
from workflows.models import artifact_storage

_RETIRED: Final = frozenset({"token_blacklist"})  # an app of earlier releases, whose tables `accounts` takes over
_FOLDER: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # of a workflow's artifacts


def restore(path: Path, progress: making.Progress, *, may_overwrite: bool) -> Manifest:
    """Replaces database, media and secret key by what is in the archive.

    Raises: BackupError, with nothing changed; OSError.
    """
    database = databases.current()
    if not may_overwrite and (database.is_occupied() or _has_media()):
        raise BackupError("There is data already. --yes replaces it: what is there now will be gone.")
    with path.open("rb") as file, database.alone():
        progress.expect(2 * path.stat().st_size)  # it is read twice
        manifest = archive.verified(file, progress.advance)
        _refuse_what_does_not_fit(manifest, database)
        _put_back(file, manifest, database, progress)
    return manifest


def _refuse_what_does_not_fit(manifest: Manifest, database: databases.Database) -> None:
    if manifest.database != database.kind or database.member not in manifest.files:
        raise BackupError(f"The backup is of {manifest.database}, but DATABASE_URL names {database.kind}.")
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known and app not in _RETIRED]
    if unknown:
        raise BackupError(
            f"The backup was made by Callboard {manifest.version} and has what this one, {settings.VERSION}, does not know "
            f"({unknown[0]}). Install that version and its EXTRA_APPS first."
        )
    if manifest.media == "files" and not making.has_files():
        raise BackupError("The backup has artifacts as files, but MEDIA_STORAGE is s3.")


def _put_back(file: BinaryIO, manifest: Manifest, database: databases.Database, progress: making.Progress) -> None:
    new = Path(settings.DATA_DIR) / f".restored-{database.member}"
    places = {name: _place(name) for name in manifest.files if name.startswith(archive.MEDIA)}
    if archive.SECRET_KEY in manifest.files and not settings.SECRET_KEY_IS_GIVEN:
        places[archive.SECRET_KEY] = Path(settings.DATA_DIR) / archive.SECRET_KEY
    try:
        for _, content in archive.contents(file, [database.member]):
            _write(content, new, progress)
        database.check(new)
        for name, content in archive.contents(file, places):
            _write(content, places[name], progress)
        database.replace(new)
    finally:
        new.unlink(missing_ok=True)
    if manifest.media == "files":
        _remove_others(manifest)


def _place(name: str) -> Path:
    return Path(artifact_storage().path(name.removeprefix(archive.MEDIA)))


def _write(content: BinaryIO, to: Path, progress: making.Progress) -> None:
    """Under another name first: a restore that is interrupted leaves no half file."""
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = to.with_name(f".unfinished-{to.name}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        while chunk := content.read(archive.CHUNK_BYTES):
            file.write(chunk)
            progress.advance(len(chunk))
    unfinished.replace(to)


def _workflow_folders() -> list[Path]:
    if not making.has_files():
        return []
    root = Path(artifact_storage().path(""))
    return [folder for folder in root.glob("*") if _FOLDER.fullmatch(folder.name) and folder.is_dir()]


def _has_media() -> bool:
    return bool(_workflow_folders())


def _remove_others(manifest: Manifest) -> None:
    """Files of workflows that the restored database does not know, and small pictures, which are made again."""
    for folder in _workflow_folders():
        for path in folder.iterdir():
            if f"{archive.MEDIA}{folder.name}/{path.name}" not in manifest.files:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        with suppress(OSError):
            folder.rmdir()
