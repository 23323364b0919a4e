"""A real HTTP server that speaks the OpenAI API on the loopback, and can be told to misbehave.

It answers chat completions with what the schema in the request asks for, draws real pictures and hands out a real
clip. `server.next("/chat/completions", behaviour)` makes the next request to that address go another way.
"""

import base64
import email.parser
import email.policy
import gzip
import io
import json
import select
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from PIL import Image

from agents.studio import ffmpeg
from tests.agents.openai_actor import act

DROPPED_SECONDS = 45.0  # in which a connection that is closed is noticed; less than the time-out of a request
KEY = "sk-test-4f1d9c0e7b6a5d2c8e3f"
PROMPT_TOKENS, COMPLETION_TOKENS = 120, 80  # that every chat completion took
Json = dict[str, Any]


@dataclass
class Seen:
    """One request, as the server got it. `body` is JSON; of a form its fields, files as bytes."""

    method: str
    path: str
    headers: Message  # its names in any case
    body: Json
    at: float = field(default_factory=time.monotonic)


Behaviour = Callable[["Handler", Seen], None]


class Provider:
    """The server's memory, shared by its threads."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.seen: list[Seen] = []
        self.dropped = threading.Event()  # set when a client left before it had its answer
        self.closing = threading.Event()
        self.orders: dict[str, Json] = {}
        self.picture_form = "b64_json"
        self.steps_to_clip = 2
        self._next: dict[str, deque[Behaviour]] = defaultdict(deque)

    def next(self, path: str, *behaviours: Behaviour) -> None:
        """The next requests to this path go this way, one after the other."""
        self._next[path].extend(behaviours)

    def always(self, path: str, behaviour: Behaviour) -> None:
        """Every request to this path goes this way."""
        self._next[path] = deque([behaviour] * 1_000)

    def take(self, path: str) -> Behaviour | None:
        """What the next request to this path was told to do."""
        waiting = self._next[path]
        return waiting.popleft() if waiting else None

    def requests(self, path: str) -> list[Seen]:
        """What was asked of this path."""
        return [seen for seen in self.seen if seen.path == path]


# --- ways to misbehave ----------------------------------------------------------------------------


def status(code: int, message: str = "No.", *, error_code: str = "", **headers: str) -> Behaviour:
    """An error in the provider's own form."""

    def behave(handler: "Handler", _: Seen) -> None:
        body = {"error": {"message": message, "type": "error", "code": error_code or None, "param": None}}
        handler.answer(body, code=code, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return behave


def says(content: str | None, *, finish_reason: str = "stop", refusal: str | None = None) -> Behaviour:
    """A chat completion with this content."""

    def behave(handler: "Handler", _: Seen) -> None:
        handler.answer(completion(content, finish_reason=finish_reason, refusal=refusal))

    return behave


def sends(raw: bytes, media_type: str = "application/json") -> Behaviour:
    """An answer of exactly these bytes."""
    return lambda handler, _: handler.send(raw, media_type)


def packed(raw: bytes, media_type: str = "application/json") -> Behaviour:
    """An answer that was compressed, which nobody asked for."""
    small = gzip.compress(raw)
    return lambda handler, _: handler.send(small, media_type, headers={"Content-Encoding": "gzip"})


def hangs(handler: "Handler", _: Seen) -> None:
    """Never answers; notices when the client leaves."""
    while not handler.provider.closing.is_set():
        readable, _writable, _failed = select.select([handler.connection], [], [], 0.02)
        if readable and not handler.connection.recv(1024):
            handler.provider.dropped.set()
            break
    handler.close_connection = True


def trickles(handler: "Handler", _: Seen) -> None:
    """Answers a byte at a time, without an end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    try:
        while not handler.provider.closing.wait(0.05):
            handler.wfile.write(b" ")
    except OSError:
        handler.provider.dropped.set()
    handler.close_connection = True


def breaks_off(handler: "Handler", _: Seen) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def completion(content: str | None, *, finish_reason: str = "stop", refusal: str | None = None) -> Json:
    """A chat completion."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason}
    usage = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": COMPLETION_TOKENS}
    body = {"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return {**body, "usage": {**usage, "total_tokens": sum(usage.values())}}


# --- the server -----------------------------------------------------------------------------------


class Handler(BaseHTTPRequestHandler):
    """Behaves as it was told, else as the real one would."""

    protocol_version = "HTTP/1.1"
    provider: ClassVar[Provider]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keeps quiet."""

    def do_GET(self) -> None:
        self._handle({})

    def do_DELETE(self) -> None:
        self._handle({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "")
        self._handle(json.loads(raw) if kind.startswith("application/json") else _form(kind, raw))

    def _handle(self, body: Json) -> None:
        path = self.path.removeprefix("/v1")
        seen = Seen(self.command, path, self.headers, body)
        self.provider.seen.append(seen)
        if behaviour := self.provider.take(path):
            behaviour(self, seen)
        elif path.startswith("/files/"):
            self.send(drawing("320x200"), "image/png")
        elif self.headers.get("Authorization") != f"Bearer {KEY}":
            status(401, f"Incorrect API key provided: {self.headers.get('Authorization')}")(self, seen)
        else:
            self._serve(seen)

    def _serve(self, seen: Seen) -> None:
        match seen.method, seen.path.strip("/").split("/"):
            case "POST", ["chat", "completions"]:
                self.answer(completion(json.dumps(act(seen.body))))
            case "POST", ["images", "generations" | "edits"]:
                self.answer({"created": 1, "data": [self._picture(seen)]})
            case "POST", ["videos"]:
                order = {
                    "id": f"video_{len(self.provider.orders)}",
                    "object": "video",
                    "status": "queued",
                    "progress": 0,
                }
                self.provider.orders[str(order["id"])] = order
                self.answer(order)
            case "POST", ["audio", "speech"]:
                self.send(hum(seen.body["voice"]), "audio/wav")
            case "GET", ["videos", name]:
                self.answer(self._advanced(name), headers={"openai-poll-after-ms": "20"})
            case "GET", ["videos", _, "content"]:
                self.send(movie(), "video/mp4")
            case "DELETE", ["videos", name]:
                self.provider.orders.pop(name, None)
                self.answer({"id": name, "deleted": True})
            case _:
                status(404, "Unknown address.")(self, seen)

    def _picture(self, seen: Seen) -> Json:
        if self.provider.picture_form == "url":
            return {"url": f"{self.provider.base_url}/files/1.png"}
        return {"b64_json": base64.b64encode(drawing(seen.body["size"])).decode()}

    def _advanced(self, name: str) -> Json:
        order = self.provider.orders[name]
        order["progress"] = min(100, order["progress"] + 100 // self.provider.steps_to_clip)
        order["status"] = "completed" if order["progress"] >= 100 else "in_progress"
        return order

    def answer(self, body: Json, *, code: int = 200, headers: dict[str, str] | None = None) -> None:
        """Sends JSON."""
        self.send(json.dumps(body).encode(), "application/json", code=code, headers=headers)

    def send(self, raw: bytes, media_type: str, *, code: int = 200, headers: dict[str, str] | None = None) -> None:
        """Sends bytes."""
        self.send_response(code)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(raw)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)


def _form(kind: str, raw: bytes) -> Json:
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    fields: Json = {}
    for part in email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + raw).iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = bytes(part.get_payload(decode=True))
        if part.get_filename() is None:
            fields[name] = content.decode()
        else:
            fields.setdefault(name, []).append(content)
    return fields


@cache
def drawing(size: str) -> bytes:
    """A PNG of "WIDTHxHEIGHT": red above, blue below."""
    width, height = map(int, size.split("x"))
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (0, height // 2, width, height))
    with io.BytesIO() as file:
        picture.save(file, "PNG")
        return file.getvalue()


@cache
def movie() -> bytes:
    """Two seconds of a test card, in a size and at a rate that are not ours, with sound."""
    with TemporaryDirectory() as folder:
        to = Path(folder) / "card.mp4"
        card = ["-f", "lavfi", "-i", "testsrc=s=640x480:r=10:d=2", "-f", "lavfi", "-i", "sine=d=2", "-c:v", "libx264"]
        ffmpeg.run([*card, "-preset", "ultrafast"], to=to, seconds=2, report=lambda *_: None, words="")
        return to.read_bytes()


@cache
def hum(voice: str) -> bytes:
    """A WAV file that streams have: a second of a tone between silences, its length unknown. Each voice has its pitch."""
    with TemporaryDirectory() as folder:
        to = Path(folder) / "hum.wav"
        source = ["-f", "lavfi", "-i", f"sine=frequency={200 + 10 * len(voice)}:duration=1:sample_rate=24000"]
        padded = [*source, "-af", "adelay=400,apad=pad_dur=0.6", "-c:a", "pcm_s16le"]
        ffmpeg.run(padded, to=to, seconds=2, report=lambda *_: None, words="")
        raw = bytearray(to.read_bytes())
        raw[4:8] = b"\xff\xff\xff\xff"
        return bytes(raw)


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on a free port, until the block ends."""
    handler: type[Handler] = type("BoundHandler", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.provider = provider = Provider(f"http://127.0.0.1:{server.server_port}/v1")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield provider
        provider.closing.set()
        server.shutdown()
