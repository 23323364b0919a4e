"""Makes room: deletes old workflows, takes that were not chosen, expired tokens and sessions. Without options: as the settings say."""

import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import logins
from workflows import retention
from workflows.lifecycle import FINAL_STATES
from workflows.retention import Rules


class Command(BaseCommand):
    """Says what it has freed."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        asked = Rules.of_settings()
        parser.add_argument(
            "--days", type=int, default=asked.days, help="delete workflows that ended so many days ago; 0: none"
        )
        parser.add_argument(
            "--states", default=",".join(sorted(asked.states)), help="which of them: completed,failed,cancelled"
        )
        parser.add_argument(
            "--takes-days", type=int, default=asked.spare_days, help="delete unused takes of so old workflows; 0: none"
        )
        parser.add_argument(
            "--megabytes", type=int, default=asked.megabytes, help="what all artifacts may take; 0: no limit"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")

    def handle(
        self, *_: Any, days: int, states: str, takes_days: int, megabytes: int, dry_run: bool, **_options: Any
    ) -> None:
        rules = Rules(days=days, states=_states(states), spare_days=takes_days, megabytes=megabytes)
        before = retention.stored_bytes()
        freed = retention.prune(rules, threading.Event(), is_dry_run=dry_run)
        if not dry_run:
            logins.forget_expired()
        done = "Would delete" if dry_run else "Deleted"
        self.stdout.write(
            f"{done} {freed.workflows} workflows and {freed.artifacts} unused artifacts of others: "
            f"{freed.bytes / 1e6:.1f} of {before / 1e6:.1f} MB."
        )


def _states(given: str) -> frozenset[str]:
    states = frozenset(word.strip() for word in given.split(",") if word.strip())
    if unknown := states - FINAL_STATES:
        raise CommandError(
            f"{min(unknown)!r} is no state of a workflow that has ended: {', '.join(sorted(FINAL_STATES))}."
        )
    return states
