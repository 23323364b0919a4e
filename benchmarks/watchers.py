"""Two ways to watch a workflow: over the socket, and by polling the REST API."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx2
import websockets

FINAL_STATES = ("completed", "failed", "cancelled")
Json = dict[str, Any]


@dataclass(frozen=True)
class Update:
    """A progress message or an event: when it was reported and received (Unix time), its seq and the progress by then."""

    kind: str  # "progress" | "event"
    reported: float
    received: float
    seq: int
    progress: float
    merged: int = 0

    @property
    def latency(self) -> float:
        """Seconds from being reported to being received."""
        return self.received - self.reported


@dataclass
class SocketWatcher:
    """Subscribes to one workflow and records every update, until the workflow is over."""

    url: str
    token: str
    updates: list[Update] = field(default_factory=list)
    state: str = ""
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _subscribed_at: float = 0.0
    _progress: float = 0.0

    async def watch(self, workflow: "asyncio.Future[str]") -> None:
        """Connects at once, and subscribes as soon as there is a workflow; returns when it is over."""
        protocols = [websockets.Subprotocol("callboard.v1"), websockets.Subprotocol(f"bearer.{self.token}")]
        async with websockets.connect(self.url, subprotocols=protocols, compression=None, proxy=None) as connection:
            self.connected.set()
            subscribe = {"type": "subscribe", "target": "workflow", "id": await workflow, "since": 0}
            await connection.send(json.dumps(subscribe))
            async for frame in connection:
                received = time.time()
                message = json.loads(frame)
                for one in message["messages"] if message["type"] == "batch" else [message]:
                    if one["type"] == "ping":
                        await connection.send('{"type":"pong"}')
                    self._receive(one, received)
                if self.state in FINAL_STATES:
                    return

    def _receive(self, message: Json, received: float) -> None:
        match message["type"]:
            case "error":
                raise SystemExit(f"The server answered with an error: {message['message']}")
            case "subscribed":
                self._subscribed_at = unix_time(message["timestamp"])
            case "progress" | "event":
                self._record(message, received)

    def _record(self, message: Json, received: float) -> None:
        if message["type"] == "progress":
            self.state, self._progress = message["state"], message["progress"]
        reported = unix_time(message["timestamp"])
        if reported > self._subscribed_at:  # older ones are replayed
            update = Update(
                message["type"], reported, received, message["seq"], self._progress, message.get("merged", 0)
            )
            self.updates.append(update)


@dataclass(frozen=True)
class Poll:
    """The state in one answer of the REST API, and when it was received."""

    received: float
    seq: int
    progress: float

    def covers(self, update: Update) -> bool:
        """Whether this answer is at least as new as the update."""
        return (self.seq, self.progress) >= (update.seq, update.progress) and self.received >= update.reported


@dataclass
class Poller:
    """Polls the snapshot of a workflow."""

    url: str
    token: str
    every_seconds: float
    polls: list[Poll] = field(default_factory=list)

    async def watch(self, workflow: str) -> None:
        """Polls until the workflow is over."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx2.AsyncClient(base_url=self.url, headers=headers, timeout=30, trust_env=False) as client:
            state = ""
            while state not in FINAL_STATES:
                answer = await client.get(f"/api/workflows/{workflow}/")
                received = time.time()
                body = answer.raise_for_status().json()
                state = body["state"]
                self.polls.append(Poll(received, body["seq"], body["progress"]))
                await asyncio.sleep(self.every_seconds)

    def staleness(self, updates: list[Update]) -> list[float]:
        """For each update: seconds from being reported until an answer covered it."""
        ordered = iter(self.polls)
        poll = next(ordered, None)
        ages = []
        for one in sorted(updates, key=lambda one: one.reported):
            while poll and not poll.covers(one):
                poll = next(ordered, None)
            if poll:
                ages.append(poll.received - one.reported)
        return ages

    def seen(self, updates: list[Update]) -> int:
        """How many updates were the newest at the time of a poll; a poller never sees the others."""
        times = sorted(one.reported for one in updates)
        return sum(
            any(start <= poll.received < end for poll in self.polls)
            for start, end in zip(times, [*times[1:], float("inf")], strict=True)
        )


def unix_time(timestamp: str) -> float:
    """ISO 8601 as Unix time."""
    return datetime.fromisoformat(timestamp).timestamp()
