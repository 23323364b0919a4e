"""Serves one agent alone over A2A, with its own database: `serve_agent storyboard_artist --port 9101`."""

import os
import secrets
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agents import registry

# Of the installation that the command was called in: the agent has its own, or none.
NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "CALLBOARD_ADMIN_PASSWORD")


class Command(BaseCommand):
    """Becomes a server as script/server starts it, with a data folder and a token for machines of its own."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("agent", help="the agent's name")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=9101)
        parser.add_argument("--data-dir", type=Path, help="default: agents/AGENT in this installation's DATA_DIR")
        parser.add_argument(
            "--token-env", default="", help="the variable with its token; default: one is made and kept"
        )

    def handle(self, *, agent: str, host: str, port: int, **options: Any) -> None:
        try:
            registry.get(agent)
        except registry.AgentNotFound as error:
            names = ", ".join(sorted(known.name for known in registry.registered()))
            raise CommandError(f"{error} There are: {names}.") from error
        folder = (options["data_dir"] or Path(settings.DATA_DIR) / "agents" / agent).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        token, where = _token(options["token_env"], folder)
        self._say(agent, f"http://{f'[{host}]' if ':' in host else host}:{port}/a2a/{agent}/", where)
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        own = {"DATA_DIR": str(folder), "HOST": host, "PORT": str(port), "A2A_AGENTS": agent, "A2A_TOKEN": token}
        pages = {"RUNNER": "local", "FRONTEND_DIST": str(settings.FRONTEND_DIST)}
        os.chdir(settings.BASE_DIR)
        # The settings of this process are those of another installation: only a new one reads its own.
        os.execve(sys.executable, [sys.executable, "-m", "script.serve"], inherited | own | pages)  # noqa: S606

    def _say(self, agent: str, url: str, where: str) -> None:
        variable = "AGENT_TOKEN_" + agent.upper().replace("-", "_")
        self.stdout.write(f"{agent} will be at {url}; its token is in {where}. To work with it elsewhere:")
        self.stdout.write(f"  export {variable}=…")
        self.stdout.write(f"  manage.py register_agent {url} --bearer-env {variable}")
        self.stdout.flush()


def _token(variable: str, folder: Path) -> tuple[str, str]:
    """The token, and where people find it."""
    if variable:
        if not (token := os.environ.get(variable, "").strip()):
            raise CommandError(f"{variable} is not set: it is to hold the token of the agent.")
        return token, f"the variable {variable}"
    path = folder / "a2a_token"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path.read_text().strip(), str(path)
