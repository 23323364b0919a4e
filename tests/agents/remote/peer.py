"""An agent elsewhere that does whatever a test says: it speaks A2A over JSON-RPC, and can break every rule of it.

`peer.on("SendStreamingMessage", answers)` says what comes of a call: a function that gets the call, and what is sent.
"""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.agents.remote.servers import free_port, serving

Json = dict[str, Any]
SKILLS = "urn:callboard:a2a:skills:1"
PROGRESS = "urn:callboard:a2a:progress:1"
CARD_PATH = "/.well-known/agent-card.json"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24

WISH: Json = {
    "type": "object",
    "properties": {"subject": {"type": "string"}, "model": {"type": "string", "format": "artifact-id"}},
    "required": ["subject"],
}
PICTURE: Json = {
    "type": "object",
    "properties": {"picture": {"type": "string", "format": "artifact-id"}, "width": {"type": "integer"}},
    "required": ["picture", "width"],
    "additionalProperties": False,
}


@dataclass
class Call:
    """One request that the peer got."""

    method: str  # of JSON-RPC, or "GET /path"
    params: Json
    headers: dict[str, str]
    id: Any = None
    send: Callable[[Json], Awaitable[None]] = field(repr=False, default=None)  # type: ignore[assignment]
    left: asyncio.Event = field(repr=False, default_factory=asyncio.Event)  # the other side has gone

    @property
    def message(self) -> Json:
        """The message that was sent."""
        return dict(self.params["message"])

    async def respond(
        self, body: bytes, *, status: int = 200, media_type: str = "application/json", **headers: str
    ) -> None:
        """One whole answer."""
        await self.start(status=status, media_type=media_type, **headers)
        await self.send({"type": "http.response.body", "body": body})

    async def start(self, *, status: int = 200, media_type: str = "text/event-stream", **headers: str) -> None:
        """The head of an answer."""
        lines = {"content-type": media_type, **{name.replace("_", "-"): text for name, text in headers.items()}}
        encoded = [(name.encode(), text.encode()) for name, text in lines.items()]
        await self.send({"type": "http.response.start", "status": status, "headers": encoded})

    async def write(self, chunk: bytes) -> None:
        """A piece of the body.

        Raises: ConnectionError when nobody is there any more.
        """
        await asyncio.sleep(0)  # even those who write without end notice
        if self.left.is_set():
            raise ConnectionError("The other side has left.")
        await self.send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def end(self) -> None:
        """The end of the body."""
        await self.send({"type": "http.response.body", "body": b""})

    def result(self, result: Any) -> bytes:  # noqa: ANN401
        """A JSON-RPC response."""
        return json.dumps({"jsonrpc": "2.0", "id": self.id, "result": result}).encode()

    async def event(self, update: Json) -> None:
        """One event of a stream."""
        await self.write(b"data: " + self.result(update) + b"\n\n")

    async def error(self, code: int, message: str = "No.") -> None:
        """A JSON-RPC error."""
        body = {"jsonrpc": "2.0", "id": self.id, "error": {"code": code, "message": message}}
        await self.respond(json.dumps(body).encode())


Behaviour = Callable[[Call], Awaitable[None]]


class Peer:
    """What the peer says and has heard; its server runs until the end of the test, or is stopped and started."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.card = card(self.url)
        self.calls: list[Call] = []
        self._behaviours: dict[str, Behaviour] = {}
        self._waiting: dict[str, threading.Event] = defaultdict(threading.Event)
        self._stack = ExitStack()

    def start(self) -> None:
        """Listens."""
        self._stack.enter_context(serving(self._answer, self.port))

    def stop(self) -> None:
        """Dies: its connections break."""
        self._stack.close()

    def on(self, method: str, behaviour: Behaviour) -> None:
        """What comes of this call from now on: of a method of JSON-RPC, or of "GET /path"."""
        self._behaviours[method] = behaviour

    def updates(self, *updates: Json, method: str = "SendStreamingMessage") -> None:
        """The call is answered with a stream of these."""
        self.on(method, stream(*updates))

    def called(self, method: str) -> list[Call]:
        """The calls of this method so far."""
        return [call for call in list(self.calls) if call.method == method]

    async def wait_for(self, method: str) -> None:
        """Until this was called (again)."""
        await asyncio.to_thread(self._waiting[method].wait, 30.0)
        assert self._waiting[method].is_set(), f"{method} was not called"

    async def _answer(self, scope: Json, receive: Any, send: Any) -> None:  # noqa: ANN401
        body = b""
        while True:
            came = await receive()
            body += came.get("body", b"")
            if not came.get("more_body"):
                break
        headers = {name.decode(): text.decode() for name, text in scope["headers"]}
        rpc = json.loads(body) if body else {}
        method = rpc.get("method", f"{scope['method']} {scope['path']}")
        call = Call(method, rpc.get("params", {}), headers, rpc.get("id"), send)
        self.calls.append(call)
        self._waiting[method].set()
        leaving = asyncio.create_task(_wait_for_end(receive, call))
        try:
            await self._behaviours.get(method, self._default)(call)
        except ConnectionError:
            if not call.left.is_set():
                raise  # it dies by itself
        finally:
            leaving.cancel()

    async def _default(self, call: Call) -> None:
        if call.method == f"GET {CARD_PATH}":
            await call.respond(json.dumps(self.card).encode())
        elif call.method == "CancelTask":
            await call.respond(call.result(task(call.params["id"], "CANCELED")))
        else:
            await call.error(-32601, f"Nothing was said of {call.method}.")


async def _wait_for_end(receive: Any, call: Call) -> None:  # noqa: ANN401
    while (await receive())["type"] != "http.disconnect":
        pass
    call.left.set()


@contextmanager
def running() -> Iterator[Peer]:
    """A peer that listens."""
    peer = Peer()
    peer.start()
    try:
        yield peer
    finally:
        peer.stop()


def stream(*updates: Json) -> Behaviour:
    """Sends these as a stream."""

    async def behave(call: Call) -> None:
        await call.start()
        for update in updates:
            await call.event(update)
        await call.end()

    return behave


def answer(result: Json) -> Behaviour:
    """Sends this as the one answer."""

    async def behave(call: Call) -> None:
        await call.respond(call.result(result))

    return behave


def raw(body: bytes, **options: Any) -> Behaviour:
    """Sends these bytes."""

    async def behave(call: Call) -> None:
        await call.respond(body, **options)

    return behave


async def forever(call: Call, chunk: bytes, pause: float = 0.0) -> None:
    """Sends the same until the other side leaves."""
    while True:
        await call.write(chunk)
        await asyncio.sleep(pause)


# --- what stands in answers ---


def card(url: str, **others: Any) -> Json:
    """The card of an agent that speaks our profile, and can draw."""
    return {
        "name": "Painter",
        "description": "Paints.",
        "version": "1.0.0",
        "supportedInterfaces": [{"url": f"{url}/", "protocolBinding": "JSONRPC", "protocolVersion": "1.0"}],
        "capabilities": {
            "streaming": True,
            "extensions": [
                {"uri": SKILLS, "params": {"skills": {"paint": {"input_schema": WISH, "output_schema": PICTURE}}}},
                {"uri": PROGRESS},
            ],
        },
        "defaultInputModes": ["application/json"],
        "defaultOutputModes": ["application/json"],
        "skills": [{"id": "paint", "name": "Paint", "description": "Paints a picture.", "tags": ["image"]}],
        **others,
    }


def status(state: str, text: str = "", fraction: float | None = None) -> Json:
    """The status of a task. With a text it has a message."""
    said: Json = {"messageId": uuid4().hex, "role": "ROLE_AGENT", "parts": [{"text": text}]}
    return {"state": f"TASK_STATE_{state}", **({"message": said} if text else {})}


def task(task_id: str, state: str, text: str = "", artifacts: list[Json] | None = None) -> Json:
    """A task as it is."""
    return {"id": task_id, "contextId": "c1", "status": status(state, text), "artifacts": artifacts or []}


def task_update(task_id: str, state: str, text: str = "", artifacts: list[Json] | None = None) -> Json:
    """A task as an event of a stream."""
    return {"task": task(task_id, state, text, artifacts)}


def status_update(task_id: str, state: str, text: str = "", fraction: float | None = None) -> Json:
    """A new status of a task as an event of a stream."""
    metadata = {} if fraction is None else {"metadata": {PROGRESS: {"fraction": fraction}}}
    return {"statusUpdate": {"taskId": task_id, "contextId": "c1", "status": status(state, text), **metadata}}


def artifact_update(task_id: str, artifact: Json, **options: Any) -> Json:
    """An artifact as an event of a stream."""
    return {"artifactUpdate": {"taskId": task_id, "contextId": "c1", "artifact": artifact, **options}}


def picture(content: str, *, artifact_id: str = "p1", media_type: str = "image/png", kind: str = "frame") -> Json:
    """An artifact with a file, in base64."""
    part = {"raw": content, "filename": "front.png", "mediaType": media_type}
    return {"artifactId": artifact_id, "name": "Front", "parts": [part], "metadata": {SKILLS: {"kind": kind}}}


def linked(url: str, *, artifact_id: str = "p1", media_type: str = "image/png") -> Json:
    """An artifact with a link to a file."""
    return {"artifactId": artifact_id, "name": "front.png", "parts": [{"url": url, "mediaType": media_type}]}


def output(**data: Any) -> Json:
    """The artifact that is the result."""
    return {"artifactId": "output", "parts": [{"data": data, "mediaType": "application/json"}]}
