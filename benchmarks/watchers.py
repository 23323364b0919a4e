"""Two ways to watch a workflow: over the socket, and by asking the REST API every second, as people do today."""

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
class News:
    """A progress message or an event: when it was reported and received (Unix time), and where it stands."""

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
    """Subscribes to one workflow and keeps the time of all it hears, until the workflow is over."""

    url: str
    token: str
    news: list[News] = field(default_factory=list)
    state: str = ""
    watching: asyncio.Event = field(default_factory=asyncio.Event)
    _subscribed_at: float = 0.0
    _progress: float = 0.0

    async def watch(self, workflow: "asyncio.Future[str]") -> None:
        """Connects at once, and subscribes as soon as there is a workflow; returns when it is over."""
        protocols = [websockets.Subprotocol("callboard.v1"), websockets.Subprotocol(f"bearer.{self.token}")]
        async with websockets.connect(self.url, subprotocols=protocols, compression=None, proxy=None) as connection:
            self.watching.set()
            subscribe = {"type": "subscribe", "target": "workflow", "id": await workflow, "since": 0}
            await connection.send(json.dumps(subscribe))
            async for frame in connection:
                received = time.time()
                message = json.loads(frame)
                for one in message["messages"] if message["type"] == "batch" else [message]:
                    if one["type"] == "ping":
                        await connection.send('{"type":"pong"}')
                    self._take(one, received)
                if self.state in FINAL_STATES:
                    return

    def _take(self, message: Json, received: float) -> None:
        match message["type"]:
            case "error":
                raise SystemExit(f"The server refused: {message['message']}")
            case "subscribed":
                self._subscribed_at = moment(message["timestamp"])
            case "progress" | "event":
                self._keep(message, received)

    def _keep(self, message: Json, received: float) -> None:
        if message["type"] == "progress":
            self.state, self._progress = message["state"], message["progress"]
        reported = moment(message["timestamp"])
        if reported > self._subscribed_at:  # what was before is a replay, not news
            news = News(message["type"], reported, received, message["seq"], self._progress, message.get("merged", 0))
            self.news.append(news)


@dataclass(frozen=True)
class Poll:
    """What one answer of the REST API told, and when it was there."""

    received: float
    seq: int
    progress: float

    def tells(self, news: News) -> bool:
        """Whether somebody who reads this answer is at least as far as this piece of news."""
        return (self.seq, self.progress) >= (news.seq, news.progress) and self.received >= news.reported


@dataclass
class Poller:
    """Asks for the snapshot of a workflow again and again."""

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

    def staleness(self, news: list[News]) -> list[float]:
        """For each piece of news: seconds from being reported until an answer told it, or something newer."""
        ordered = iter(self.polls)
        poll = next(ordered, None)
        ages = []
        for one in sorted(news, key=lambda one: one.reported):
            while poll and not poll.tells(one):
                poll = next(ordered, None)
            if poll:
                ages.append(poll.received - one.reported)
        return ages

    def noticed(self, news: list[News]) -> int:
        """How many pieces of news were still the newest when somebody asked: the others were never seen."""
        moments = sorted(one.reported for one in news)
        return sum(
            any(start <= poll.received < end for poll in self.polls)
            for start, end in zip(moments, [*moments[1:], float("inf")], strict=True)
        )


def moment(timestamp: str) -> float:
    """ISO 8601 as Unix time."""
    return datetime.fromisoformat(timestamp).timestamp()
