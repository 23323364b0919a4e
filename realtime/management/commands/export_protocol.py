"""Writes the protocol for other programs: docs/asyncapi.yaml, and the front end's types of messages and HTTP bodies."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from realtime.wire.export.asyncapi import asyncapi
from realtime.wire.export.typescript import api_typescript, typescript

FILES: dict[str, Callable[[], str]] = {
    "docs/asyncapi.yaml": asyncapi,
    "frontend/packages/client/src/messages.gen.ts": typescript,
    "frontend/packages/client/src/http/api.gen.ts": api_typescript,
}


class Command(BaseCommand):
    """Writes the files, or with --check compares them."""

    help = "Writes docs/asyncapi.yaml and the front end's generated types from the messages and bodies of the server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when a file differs.")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR, help="Where the project lies.")

    def handle(self, *_args: Any, check: bool, folder: Path, **_options: Any) -> None:
        different = [name for name, make in FILES.items() if _read(folder / name) != make()]
        if check and different:
            raise CommandError(f"Out of date: {', '.join(different)}. Run manage.py export_protocol.")
        for name in different:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(FILES[name](), encoding="utf-8")
            self.stdout.write(f"Wrote {name}.")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
