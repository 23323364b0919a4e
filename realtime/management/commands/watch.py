"""Shows a running server's workflow live in the terminal, over the real socket.

The access comes from CALLBOARD_TOKEN (an access token), or from --username with CALLBOARD_PASSWORD or a question.
"""

import asyncio
import getpass
import os
from argparse import ArgumentParser
from typing import Any, Final

import httpx2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.live import Live

from realtime.pyclient.follower import Follower, Refused
from workflows.lifecycle import FINAL_STATES, WorkflowState
from workflows.terminal import rendered

SIGN_IN_SECONDS: Final = 10.0


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
            snapshot = asyncio.run(_watch(url, workflow, _Access(url, username, password)))
        except Refused as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped looking; the work goes on.") from None
        if snapshot["state"] != WorkflowState.COMPLETED:
            raise CommandError(snapshot["error"]["message"] if snapshot["error"] else f"It was {snapshot['state']}.")


async def _watch(url: str, workflow_id: str, access: "_Access") -> dict[str, Any]:
    follower = Follower(url.replace("http", "ws", 1), workflow_id, access.token)
    with Live(console=Console(), refresh_per_second=8) as live:
        async for snapshot in follower.snapshots():
            live.update(rendered(snapshot))
            if snapshot["state"] in FINAL_STATES:
                return snapshot
    raise Refused  # the snapshots never end


class _Access:
    """Where access tokens come from."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._given = os.environ.get("CALLBOARD_TOKEN", "")
        if not self._given and not username:
            raise CommandError("Who are you? Give --username, or an access token in CALLBOARD_TOKEN.")
        self._url = f"{url.rstrip('/')}/api/auth/token/"
        self._username = username
        self._password = password or os.environ.get("CALLBOARD_PASSWORD", "")
        if username and not self._password:
            self._password = getpass.getpass(f"Password of {username}: ")

    async def token(self) -> str:
        """A fresh access token, or the one that was given.

        Raises: Refused, OSError.
        """
        if not self._username:
            return self._given
        person = {"username": self._username, "password": self._password}
        try:
            async with httpx2.AsyncClient(timeout=SIGN_IN_SECONDS) as client:
                answer = await client.post(self._url, json=person)
        except httpx2.TransportError as error:
            raise OSError(str(error)) from error
        if answer.status_code >= httpx2.codes.BAD_REQUEST:
            raise Refused(answer.json()["error"]["message"] if answer.status_code < 500 else answer.reason_phrase)
        return str(answer.json()["access"])
