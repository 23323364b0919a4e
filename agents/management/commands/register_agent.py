"""`manage.py register_agent URL`: makes an agent elsewhere, which speaks A2A, an agent of this installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agents.errors import CallboardError


class Command(BaseCommand):
    """Registers one remote agent, or reads the card of one anew."""

    help = "Registers a remote agent (A2A 1.0) by its URL. Running servers and workers use it at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """URL, and how to sign in there."""
        parser.add_argument(
            "url", metavar="URL", help="where the agent is: its card is at URL/.well-known/agent-card.json"
        )
        parser.add_argument("--name", default="", help="its name here; the one of its card, when it is left out")
        parser.add_argument(
            "--bearer-env", metavar="NAME", default="", help="the environment variable with the token to sign in with"
        )
        parser.add_argument("--max-concurrent", metavar="N", type=int, help="how many tasks it may get at once (4)")

    def handle(self, *, url: str, name: str, bearer_env: str, max_concurrent: int | None, **_: Any) -> None:
        """Says what it can do."""
        from agents.remote.registration import register  # noqa: PLC0415 - the SDK takes a second to load

        try:
            row = register(url=url, name=name, bearer_env=bearer_env, max_concurrent=max_concurrent)
        except CallboardError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{row.name} is registered, with {len(row.skills)} skills:")
        for skill in row.skills:
            self.stdout.write(f"  {skill['id']}: {skill['description'] or skill['name']}")
