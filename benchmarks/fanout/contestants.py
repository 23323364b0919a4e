"""Who is measured: how each one is started, and how its watchers come in."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fanout.door import Door, Step

SERVERS = "benchmarks.fanout.servers."
Json = dict[str, Any]
MakeDoor = Callable[["Place", str, int, Json], Door]


@dataclass(frozen=True)
class Place:
    """Where one server process serves, and the folder that it may use."""

    port: int
    folder: Path


def nothing_missing() -> str:
    """For those who need nothing but requirements.txt."""
    return ""


@dataclass(frozen=True)
class Contestant:
    """One of them. `window`: how many messages may be under way to the slowest watcher when it is saturated.

    `missing` says why it cannot run here ("": it can).
    """

    name: str
    label: str
    module: str
    door: MakeDoor
    window: int
    environment: dict[str, str] = field(default_factory=dict)
    processes: int = 1
    redis: bool = False
    deflate: bool = False
    is_charted: bool = False  # with ever more watchers and rooms
    missing: Callable[[], str] = nothing_missing

    @property
    def is_ours(self) -> bool:
        """Whether it is Callboard."""
        return self.module == "callboard"

    def server(self, _place: Place) -> list[str]:
        """The command that serves at this place."""
        return [sys.executable, "-m", SERVERS + self.module]

    def publisher(self, _place: Place) -> list[str]:
        """The command that publishes; empty where the server's process does it."""
        return []


# --- Callboard ------------------------------------------------------------------------------------


def callboard_door(place: Place, room: str, number: int, about: Json) -> Door:
    """Authenticated by a subprotocol, then subscribed by a message."""
    token = about["tokens"][number % len(about["tokens"])]
    subscribe = f'{{"type":"subscribe","target":"workflow","id":"{room}"}}'
    return Door(
        place.port,
        "/ws/",
        (f"Sec-WebSocket-Protocol: callboard.v1, bearer.{token}",),
        (Step(b'"type":"welcome"', subscribe), Step(b'"type":"subscribed"')),
    )


def callboard(name: str, label: str, **others: Any) -> Contestant:
    """Callboard in one of its ways to be served."""
    return Contestant(name, label, "callboard", callboard_door, window=900, **others)


# --- the others -----------------------------------------------------------------------------------


def stock_door(place: Place, room: str, _number: int, _about: Json) -> Door:
    """Whoever connects is in the room."""
    return Door(place.port, f"/ws/{room}/")


def stock(name: str, label: str, **others: Any) -> Contestant:
    """The tutorial's consumer; it loses what goes beyond 100 queued messages, so few may be under way."""
    return Contestant(name, label, "stock", stock_door, window=50, **others)


CONTESTANTS = [
    callboard("callboard-uvicorn", "Callboard, uvicorn", is_charted=True),
    callboard("callboard-loop", "Callboard, uvicorn, published from the loop", environment={"PUBLISHER": "loop"}),
    callboard("callboard-daphne", "Callboard, daphne", environment={"SERVER": "daphne"}),
    stock("stock-uvicorn", "Channels tutorial, uvicorn"),
    stock("stock-daphne", "Channels tutorial, daphne", environment={"SERVER": "daphne"}),
]
