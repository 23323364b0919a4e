"""A watcher that keeps to the rules of docs/protocol.md, and notices when the server does not."""

import asyncio
import json
from collections import deque
from typing import Any

from channels.testing import WebsocketCommunicator

from realtime.pyclient.apply_message import apply_message
from realtime.routing import socket_application

Json = dict[str, Any]

UNREAD_FRAMES = 2  # that lie between server and client before a write is blocked
BROKEN = 1006  # without a word: whoever does not read does not get the close frame, either
PARTINGS = {4101: "TooSlow", 4201: "HeartbeatLost", BROKEN: ""}  # all that may end a line here


class Line:
    """One connection, with as little room for unread frames as a socket has."""

    def __init__(self, token: str) -> None:
        headers = [(b"authorization", f"Bearer {token}".encode())]
        self._wire = WebsocketCommunicator(socket_application, "/ws/", headers=headers)
        self._unread: asyncio.Queue[Json] = asyncio.Queue(UNREAD_FRAMES)
        self._wire._output_queue = self._unread
        self.say_raw({"type": "websocket.connect"})
        self.served = self._wire.future

    def say(self, **message: Any) -> None:
        """Sends a message."""
        self.say_raw({"type": "websocket.receive", "text": json.dumps(message)})

    def say_raw(self, message: Json) -> None:
        """Sends whatever."""
        self._wire.input_queue.put_nowait(message)

    def take(self) -> Json | None:
        """What has come over the line first, if anything."""
        if self._unread.empty():
            return {"type": "websocket.close", "code": BROKEN} if self.served.done() else None
        return self._unread.get_nowait()

    def breaks(self) -> None:
        """The server notices that the other end is gone; what was not read never will be."""
        self.say_raw({"type": "websocket.disconnect", "code": 1006})


class ModelClient:
    """Accepts `last + 1`, ignores `<= last`, subscribes again with `since` after a hole, and comes back when dropped."""

    def __init__(self, workflow_id: str, token: str) -> None:
        self._workflow = {"target": "workflow", "id": workflow_id}
        self._token = token
        self.line: Line | None = None
        self.is_reading = True
        self.snapshot: Json | None = None
        self.last = 0
        self.applied: list[int] = []  # the seqs of all events since the snapshot
        self.heals = 0  # how often it had to ask for what the server should have sent
        self._asked: deque[int | None] = deque()
        self._next: int | None = None  # the seq that the server has to send next; None: it has to send none

    def dial(self) -> Line:
        """Opens a line; what it knows it keeps."""
        self.line = Line(self._token)
        self.is_reading = True
        self._asked.clear()
        self._next = None
        return self.line

    def subscribe(self) -> None:
        """Asks for what it does not have."""
        since = None if self.snapshot is None else self.last
        self._asked.append(since)
        self._say(type="subscribe", **self._workflow, **({} if since is None else {"since": since}))

    def unsubscribe(self) -> None:
        """Leaves the room."""
        self._say(type="unsubscribe", **self._workflow)

    @property
    def is_in_the_room(self) -> bool:
        """Whether the server has let it in."""
        return self._next is not None

    def hang_up(self) -> Line:
        """Is gone; what the server makes of the line is its affair."""
        line, self.line = self.line, None
        assert line is not None
        return line

    def read(self) -> bool:
        """Takes in what has come; whether there was something."""
        frames = 0
        while self.is_reading and self.line is not None and (frame := self.line.take()):
            frames += 1
            self._take(frame)
        return frames > 0

    def _say(self, **message: Any) -> None:
        if self.line is not None:
            self.line.say(**message)

    def _take(self, frame: Json) -> None:
        match frame["type"]:
            case "websocket.accept":
                pass
            case "websocket.close":
                assert frame["code"] in PARTINGS, frame
                self.line = None
            case _:
                message = json.loads(frame["text"])
                for one in message["messages"] if message["type"] == "batch" else [message]:
                    self._hear(one)

    def _hear(self, message: Json) -> None:
        match message["type"]:
            case "welcome":
                self.subscribe()
            case "ping":
                self._hear_ping(message["tops"].get("workflow:" + self._workflow["id"], 0))
            case "subscribed":
                self._hear_answer(message)
            case "unsubscribed":
                self._next = None
            case "event":
                self._hear_event(message)
            case "progress" | "watchers":
                assert self._next is not None, "Nobody asked for this."
                apply_message(self.known(), message)
            case other:
                assert other == "control_result" or message["error_type"] in PARTINGS.values(), message

    def _hear_ping(self, top: int) -> None:
        self._say(type="pong")
        if self._next is not None and top > self.last:
            self.heals += 1
            self.subscribe()

    def _hear_answer(self, answer: Json) -> None:
        since = self._asked.popleft()
        if not answer["recovered"]:
            self.snapshot, self.last, self.applied = answer["snapshot"], answer["seq"], []
            assert answer["seq"] == answer["snapshot"]["seq"]
        self._next = answer["seq"] + 1 if since is None or not answer["recovered"] else since + 1

    def _hear_event(self, event: Json) -> None:
        assert self._next is not None, f"Event {event['seq']} came to one who is not in the room."
        assert event["seq"] == self._next, f"Event {event['seq']} came where {self._next} was due."
        self._next += 1
        if event["seq"] <= self.last:
            return  # it came before the answer that replays it
        assert event["seq"] == self.last + 1
        self.last = event["seq"]
        self.applied.append(event["seq"])
        apply_message(self.known(), event)

    def known(self) -> Json:
        """The workflow as it sees it."""
        assert self.snapshot is not None
        return self.snapshot
