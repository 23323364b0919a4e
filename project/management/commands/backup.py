"""Writes one archive with the database, the media and the secret key, also while films are made: `backup FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from project.backups import BackupError, making
from project.backups.progress import shown


class Command(BaseCommand):
    """Says what is in the archive, and what is not."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive, a tar; only its owner will be able to read it")

    def handle(self, *_: Any, file: Path, **_options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} exists already. Name another file.")
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        try:
            with shown("Backing up") as progress:
                made = making.make(file, progress)
        except BackupError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"The backup could not be written: {error.strerror}.") from None
        self._say(file, made)

    def _say(self, file: Path, made: making.Made) -> None:
        size = file.stat().st_size / 1_000_000
        self.stdout.write(f"{file}: the database and {made.files} files, {size:.1f} MB.")
        if not made.has_media:
            bucket = settings.STORAGES["artifacts"]["OPTIONS"].get("bucket_name", "")
            self.stdout.write(
                f"Not in it: the artifacts, which are in the bucket {bucket!r}. Back that up by its own means."
            )
        if not made.has_secret_key:
            self.stdout.write("Not in it: the secret key, which is set by SECRET_KEY. Keep that, too.")
        for name in sorted(made.missing)[:10]:
            self.stderr.write(f"Missing before already: {name}")
        if made.missing:
            self.stderr.write(f"{len(made.missing)} artifacts in the database have no file any more.")
