"""Looks whether this installation is well, and says what to do where it is not. Ends with 1 when there is an error."""

import sys
from argparse import ArgumentParser
from typing import Any, Final

import msgspec
from django.core.management.base import BaseCommand

from project.doctor import Finding, examined, installation, services

SIGNS: Final = {"ok": "ok     ", "warning": "WARNING", "error": "ERROR  "}


class Command(BaseCommand):
    """Changes nothing, and shows no secret."""

    help = __doc__
    requires_system_checks = []  # noqa: RUF012 - it reports them itself

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="a list of objects, for programs")

    def handle(self, *_: Any, json: bool, **_options: Any) -> None:
        findings = []
        for finding in examined({**installation.CHECKS, **services.CHECKS}):
            findings.append(finding)
            if not json:
                self._say(finding)
        if json:
            self.stdout.write(msgspec.json.encode(findings).decode())
        if any(finding.level == "error" for finding in findings):
            sys.exit(1)

    def _say(self, finding: Finding) -> None:
        style = {"ok": self.style.SUCCESS, "warning": self.style.WARNING, "error": self.style.ERROR}[finding.level]
        self.stdout.write(f"{style(SIGNS[finding.level])} {finding.subject}: {finding.found}")
        if finding.advice:
            self.stdout.write(f"        → {finding.advice}")
