"""Puts a backup back: database, media and secret key become what they were: `restore FILE`. The server must not run."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from project.backups import BackupError, restoring
from project.backups.progress import shown


class Command(BaseCommand):
    """Changes nothing before all of the archive has been checked."""

    help = __doc__
    requires_system_checks = []  # noqa: RUF012 - the database may be broken: that is why it is being replaced

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` has written")
        parser.add_argument("--yes", action="store_true", help="replace what is there now")

    def handle(self, *_: Any, file: Path, yes: bool, **_options: Any) -> None:
        try:
            with shown("Restoring") as progress:
                manifest = restoring.restore(file, progress, may_overwrite=yes)
        except BackupError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}.") from None
        self.stdout.write(f"Restored what Callboard {manifest.version} had at {manifest.created_at}.")
        if manifest.media != "files":
            self.stdout.write("Not in it: the artifacts, which were in a bucket.")
        self.stdout.write(
            "The next start updates the database where this version is newer: script/server, or manage.py migrate."
        )
