"""What is needed to measure a server: how it is started, and how its watchers connect."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fanout.handshake import Handshake

SERVERS = "benchmarks.fanout.servers."

Json = dict[str, Any]


@dataclass(frozen=True)
class Endpoint:
    """Where one server process serves, and the folder that it may use."""

    port: int
    folder: Path


MakeHandshake = Callable[
    [Endpoint, str, int, Json], Handshake
]  # process, room, watcher number, answer of the publisher
MakeCommand = Callable[[Endpoint], list[str]]


def python(module: str) -> MakeCommand:
    """Runs one of the modules in servers/."""
    return lambda _: [sys.executable, "-m", SERVERS + module]


def nothing_missing() -> str:
    """For servers that need nothing but requirements.txt."""
    return ""


@dataclass(frozen=True)
class Candidate:
    """A server that is measured, or one way to run it. Without `publisher` the server's first process publishes."""

    name: str
    label: str
    server: MakeCommand
    handshake: MakeHandshake
    window: int  # how many messages the publisher may be ahead of the slowest watcher, in saturation
    publisher: MakeCommand | None = None
    environment: dict[str, str] = field(default_factory=dict)
    processes: int = 1
    redis: bool = False
    is_ours: bool = False
    is_charted: bool = False  # measured with growing numbers of watchers and rooms, too
    missing: Callable[[], str] = nothing_missing  # why it cannot run here; "" when it can
