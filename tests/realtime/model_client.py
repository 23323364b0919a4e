"""A watcher that keeps to the rules of docs/protocol.md, and notices when the server does not.

Its connection is not a transport of tests/websocket_client.py: in the model nothing may wait. A step sends or takes a frame
at once, and the event loop runs only between steps.
"""

import asyncio
import json
from collections import deque
from typing import Any

from callboard_client.apply_message import apply_message
from tests.websocket_client import ABNORMAL_CLOSURE, InProcessTransport, messages_in

Json = dict[str, Any]

UNREAD_FRAMES = 2  # that lie between server and client before a write is blocked
# All close codes that may occur here, with their errors. A client that does not read does not get the close frame, either.
CLOSE_CODES = {4101: "TooSlow", 4201: "HeartbeatLost", ABNORMAL_CLOSURE: ""}


class StepwiseConnection:
    """A connection in this process, with as little room for unread frames as a socket has. No call waits."""

    def __init__(self, token: str) -> None:
        transport = InProcessTransport(headers={"authorization": f"Bearer {token}"})
        self._communicator = transport.communicator
        self._unread: asyncio.Queue[Json] = asyncio.Queue(UNREAD_FRAMES)
        self._communicator._output_queue = self._unread
        self._put({"type": "websocket.connect"})
        self.consumer = transport.consumer

    def send(self, **message: Any) -> None:
        """Sends a message."""
        self._put({"type": "websocket.receive", "text": json.dumps(message)})

    def take(self) -> Json | None:
        """The first unread output of the application, if there is any; a close once the consumer has ended."""
        if self._unread.empty():
            return {"type": "websocket.close", "code": ABNORMAL_CLOSURE} if self.consumer.done() else None
        return self._unread.get_nowait()

    def disconnect(self) -> None:
        """The server notices that the client is gone; what was not read never will be."""
        self._put({"type": "websocket.disconnect", "code": ABNORMAL_CLOSURE})

    def _put(self, message: Json) -> None:
        self._communicator.input_queue.put_nowait(message)


class ModelClient:
    """Accepts `last + 1`, ignores `<= last`, subscribes again with `since` after a hole, and comes back when dropped."""

    def __init__(self, workflow_id: str, token: str) -> None:
        self._workflow = {"target": "workflow", "id": workflow_id}
        self._token = token
        self.connection: StepwiseConnection | None = None
        self.is_reading = True
        self.snapshot: Json | None = None
        self.last = 0
        self.applied: list[int] = []  # the seqs of all events since the snapshot
        self.recoveries = 0  # how often it had to ask for what the server should have sent
        self._requested: deque[int | None] = deque()
        self._next: int | None = None  # the seq that the server has to send next; None: it has to send none

    def connect(self) -> StepwiseConnection:
        """Connects; what it knows it keeps."""
        self.connection = StepwiseConnection(self._token)
        self.is_reading = True
        self._requested.clear()
        self._next = None
        return self.connection

    def subscribe(self) -> None:
        """Asks for what it does not have."""
        since = None if self.snapshot is None else self.last
        self._requested.append(since)
        self._send(type="subscribe", **self._workflow, **({} if since is None else {"since": since}))

    def unsubscribe(self) -> None:
        """Leaves the room."""
        self._send(type="unsubscribe", **self._workflow)

    @property
    def is_in_the_room(self) -> bool:
        """Whether the server has let it in."""
        return self._next is not None

    def vanish(self) -> StepwiseConnection:
        """Is gone, without closing; the server does not know it yet. Returns the connection."""
        connection, self.connection = self.connection, None
        assert connection is not None
        return connection

    def read(self) -> bool:
        """Takes in what has come; whether there was something."""
        taken = 0
        while self.is_reading and self.connection is not None and (output := self.connection.take()):
            taken += 1
            self._take(output)
        return taken > 0

    def _send(self, **message: Any) -> None:
        if self.connection is not None:
            self.connection.send(**message)

    def _take(self, output: Json) -> None:
        match output["type"]:
            case "websocket.accept":
                pass
            case "websocket.close":
                assert output["code"] in CLOSE_CODES, output
                self.connection = None
            case _:
                for message in messages_in(output["text"]):
                    self._receive(message)

    def _receive(self, message: Json) -> None:
        match message["type"]:
            case "welcome":
                self.subscribe()
            case "ping":
                self._receive_ping(message["tops"].get("workflow:" + self._workflow["id"], 0))
            case "subscribed":
                self._receive_answer(message)
            case "unsubscribed":
                self._next = None
            case "event":
                self._receive_event(message)
            case "progress" | "watchers":
                assert self._next is not None, "It did not subscribe to this."
                apply_message(self.known(), message)
            case other:
                assert other == "control_result" or message["error_type"] in CLOSE_CODES.values(), message

    def _receive_ping(self, top: int) -> None:
        self._send(type="pong")
        if self._next is not None and top > self.last:
            self.recoveries += 1
            self.subscribe()

    def _receive_answer(self, answer: Json) -> None:
        since = self._requested.popleft()
        if not answer["recovered"]:
            self.snapshot, self.last, self.applied = answer["snapshot"], answer["seq"], []
            assert answer["seq"] == answer["snapshot"]["seq"]
        self._next = answer["seq"] + 1 if since is None or not answer["recovered"] else since + 1

    def _receive_event(self, event: Json) -> None:
        assert self._next is not None, f"Event {event['seq']} came to a client that is not in the room."
        assert event["seq"] == self._next, f"Event {event['seq']} came instead of {self._next}."
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
