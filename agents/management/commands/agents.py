"""`manage.py agents`: the crew and how it is doing; `--enable`, `--disable` and `--drain` switch one."""

import getpass
from argparse import ArgumentParser
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from agents import metrics, registry, switches
from agents.models import Agent

COLOURS = {"idle": "green", "busy": "blue", "error": "red", "offline": "bright_black"}
COLUMNS = ("agent", "status", "skills", "jobs", "errors", "average", "lacks")


class Command(BaseCommand):
    """Lists every agent."""

    help = "Lists the agents with their status; switches one on or off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--enable NAME, --disable NAME, --drain NAME: as often as you like."""
        parser.add_argument("--enable", metavar="NAME", action="append", default=[], help="switch this agent on")
        parser.add_argument("--disable", metavar="NAME", action="append", default=[], help="switch this agent off")
        parser.add_argument(
            "--drain", metavar="NAME", action="append", default=[], help="let this agent finish what it has"
        )
        parser.add_argument(
            "--why", metavar="TEXT", default="", help="the reason, shown to those whose work waits for it"
        )

    def handle(self, *, enable: list[str], disable: list[str], drain: list[str], why: str, **_: Any) -> None:
        """Switches what was asked for, then shows all."""
        registry.refresh()
        known = set(Agent.objects.values_list("name", flat=True))
        if unknown := sorted({*enable, *disable, *drain} - known):
            raise CommandError(f"There is no agent {', '.join(unknown)}.")
        by = _operator()
        switches.change(enable, is_enabled=True, is_draining=False, by=by, why=why)
        switches.change(disable, is_enabled=False, is_draining=False, by=by, why=why)
        switches.change(drain, is_enabled=True, is_draining=True, by=by, why=why)
        Console(file=cast(IO[str], self.stdout)).print(_table())


def _operator() -> str:
    """The name of the person in the terminal; "" when the system does not know it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _table() -> Table:
    table = Table(*COLUMNS, title="Agents")
    for body in metrics.all_statuses():
        figures = body["metrics"]
        colour = COLOURS[body["status"]]
        table.add_row(
            body["agent_name"],
            f"[{colour}]{body['status']}[/]" + (" (draining)" if body["draining"] else ""),
            ", ".join(skill["id"] for skill in body["skills"]),
            str(figures["message_count"]),
            f"{figures['error_count']} ({figures['error_rate']:.1%})",
            f"{figures['avg_execution_time']:.2f} s",
            _lacks(body["agent_name"]),
        )
    return table


def _lacks(agent_name: str) -> str:
    try:
        return registry.get(agent_name).missing()
    except registry.AgentNotFound:
        return "not in this process"
