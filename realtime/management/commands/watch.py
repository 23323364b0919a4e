"""Shows a running server's workflow live in the terminal, over the real socket.

The access comes from CALLBOARD_TOKEN (an access token), or from --username with CALLBOARD_PASSWORD; what is missing is
asked for in a terminal. Ctrl-C stops looking, not the work.
"""

import asyncio
import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from httpx2 import InvalidURL
from rich.console import Console
from rich.live import Live

from callboard_client import AsyncClient, Refused, Unreachable
from callboard_client.types import Snapshot
from workflows.lifecycle import WorkflowState
from workflows.terminal import rendered

ANSWER_SECONDS: Final = 4.0  # of a server that is there; then its address is wrong, or it does not run
PATIENCE_SECONDS: Final = 60.0  # in which a server that went away has to come back
INTERRUPTED: Final = 130  # the exit status of a command that Ctrl-C ended


class Command(BaseCommand):
    """Follows one workflow until it is over."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workflow", help="the workflow's id")
        parser.add_argument("--url", default=f"http://{settings.HOST}:{settings.PORT}", help="the server's address")
        parser.add_argument("--username", default="", help="who you are")
        parser.add_argument(
            "--password", default="", help="others on this machine can see it; rather CALLBOARD_PASSWORD"
        )

    def handle(self, *_args: Any, workflow: str, url: str, username: str, password: str, **_options: Any) -> None:
        try:
            snapshot = asyncio.run(_watch(_client(url, username, password), workflow))
        except Refused as error:
            raise CommandError(error.message) from None
        except (Unreachable, TimeoutError, InvalidURL) as error:
            raise CommandError(f"{url} does not answer. {error}".strip()) from None
        except (KeyboardInterrupt, EOFError):
            raise CommandError("Stopped looking; the work goes on.", returncode=INTERRUPTED) from None
        if snapshot["state"] != WorkflowState.COMPLETED.value:
            raise CommandError(snapshot["error"]["message"] if snapshot["error"] else f"It was {snapshot['state']}.")


async def _watch(client: AsyncClient, workflow_id: str) -> Snapshot:
    async with client:
        async with asyncio.timeout(ANSWER_SECONDS):
            first = await client.snapshot(workflow_id)
        with Live(rendered(dict(first)), console=Console(), refresh_per_second=8) as live:
            async for snapshot in client.follow(workflow_id, first, patience_seconds=PATIENCE_SECONDS):
                live.update(rendered(dict(snapshot)))
    return snapshot  # the last one, in which it is over


def _client(url: str, username: str, password: str) -> AsyncClient:
    token = os.environ.get("CALLBOARD_TOKEN", "")
    if token and not username:
        return AsyncClient(url, token=token)
    if not username and not sys.stdin.isatty():
        raise CommandError("Who are you? Give --username, or an access token in CALLBOARD_TOKEN.")
    username = username or input("Username: ")
    password = password or os.environ.get("CALLBOARD_PASSWORD", "") or getpass.getpass(f"Password of {username}: ")
    if not (username and password):
        raise CommandError("Nobody signs in without a username and a password.")
    return AsyncClient(url, username=username, password=password)
