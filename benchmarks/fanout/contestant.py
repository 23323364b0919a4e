"""What it takes to measure a server: how it is started, and how its watchers come in."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fanout.handshake import Handshake

SERVERS = "benchmarks.fanout.servers."

Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where one server process serves, and the folder that it may use."""

    port: int
    folder: Path


MakeHandshake = Callable[[Place, str, int, Json], Handshake]  # process, room, watcher number, answer of the publisher
MakeCommand = Callable[[Place], list[str]]


def python(module: str) -> MakeCommand:
    """Runs one of the modules in servers/."""
    return lambda _: [sys.executable, "-m", SERVERS + module]


def nothing_missing() -> str:
    """For servers that need nothing but requirements.txt."""
    return ""


@dataclass(frozen=True)
class Contestant:
    """One server, or one way to run it. Where there is no `publisher`, the server's first process publishes."""

    name: str
    label: str
    server: MakeCommand
    handshake: MakeHandshake
    window: int  # how many messages may be under way to the slowest watcher when it is saturated
    publisher: MakeCommand | None = None
    environment: dict[str, str] = field(default_factory=dict)
    processes: int = 1
    redis: bool = False
    is_ours: bool = False
    is_charted: bool = False  # with ever more watchers and rooms
    missing: Callable[[], str] = nothing_missing  # why it cannot run here; "": it can
