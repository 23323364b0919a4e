"""Shows a running server's workflow live in the terminal, over the real socket.

The access comes from CALLBOARD_TOKEN (an access token), or from --username with CALLBOARD_PASSWORD or a question.
"""

import asyncio
import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.live import Live

from callboard_client import AsyncClient, Refused
from callboard_client.types import Snapshot
from workflows.lifecycle import WorkflowState
from workflows.terminal import rendered


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
        except KeyboardInterrupt:
            raise CommandError("Stopped looking; the work goes on.") from None
        if snapshot["state"] != WorkflowState.COMPLETED.value:
            raise CommandError(snapshot["error"]["message"] if snapshot["error"] else f"It was {snapshot['state']}.")


async def _watch(client: AsyncClient, workflow_id: str) -> Snapshot:
    with Live(console=Console(), refresh_per_second=8) as live:
        async with client:
            async for snapshot in client.follow(workflow_id):
                live.update(rendered(dict(snapshot)))
    return snapshot  # the last one, in which it is over


def _client(url: str, username: str, password: str) -> AsyncClient:
    token = os.environ.get("CALLBOARD_TOKEN", "")
    if not username:
        if not token:
            raise CommandError("Who are you? Give --username, or an access token in CALLBOARD_TOKEN.")
        return AsyncClient(url, token=token)
    password = password or os.environ.get("CALLBOARD_PASSWORD", "") or getpass.getpass(f"Password of {username}: ")
    return AsyncClient(url, username=username, password=password)
