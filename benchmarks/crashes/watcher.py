"""A watcher that keeps the seq of every event it receives, and connects again when its server dies."""

import json
import threading
import time

from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

ENDS = ("workflow_completed", "workflow_failed", "workflow_cancelled")
RECONNECT_SECONDS = 0.2
OPEN_SECONDS = 10.0
RECEIVE_SECONDS = 1.0  # how soon it notices that it is to end


class Watcher:
    """Watches one workflow until it is over, in a thread of its own."""

    def __init__(self, url: str, token: str, workflow: str) -> None:
        self.seqs: list[int] = []  # as they came
        self.connections = 0
        self._url = url.replace("http", "ws", 1) + "/ws/"
        self._protocols = [Subprotocol("callboard.v1"), Subprotocol(f"bearer.{token}")]
        self._workflow = workflow
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self, seconds: float) -> None:
        """Waits for the last event, `seconds` at most."""
        self._thread.join(seconds)
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.is_set():
            try:
                with connect(
                    self._url, subprotocols=self._protocols, open_timeout=OPEN_SECONDS, proxy=None
                ) as connection:
                    self.connections += 1
                    self._follow(connection)
            except (OSError, InvalidHandshake, WebSocketException):
                time.sleep(RECONNECT_SECONDS)

    def _follow(self, connection: ClientConnection) -> None:
        since = self.seqs[-1] if self.seqs else 0
        wish = {"type": "subscribe", "target": "workflow", "id": self._workflow, "since": since}
        connection.send(json.dumps(wish))
        while not self._over.is_set():
            try:
                frame = json.loads(connection.recv(RECEIVE_SECONDS))
            except TimeoutError:
                continue
            for message in frame["messages"] if frame["type"] == "batch" else [frame]:
                match message["type"]:
                    case "ping":
                        connection.send('{"type":"pong"}')
                    case "error":  # the database was away: it comes again
                        time.sleep(RECONNECT_SECONDS)
                        return
                    case "event":
                        self.seqs.append(message["seq"])
                        if message["kind"] in ENDS:
                            self._over.set()
