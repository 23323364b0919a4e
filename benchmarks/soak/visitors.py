"""Who comes and goes while a server is soaked: makers, watchers who stay, who leave, who vanish, and who poll."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
import websockets

PAGES = 4
WAIT_SECONDS = 0.5
TIMEOUT_SECONDS = 60.0
FINAL_STATES = ("completed", "failed", "cancelled")

Json = dict[str, Any]


@dataclass
class Visitors:
    """All of them, in one event loop, until `over` is set. `done` counts what they did, `failed` what went wrong."""

    url: str
    password: str
    over: asyncio.Event = field(default_factory=asyncio.Event)
    done: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    workflow: str = ""
    _token: str = ""

    async def run(self) -> None:
        """Ends when all have gone, after `over`."""
        self._random = random.Random(1)
        async with httpx2.AsyncClient(base_url=self.url, timeout=TIMEOUT_SECONDS, trust_env=False) as http:
            await self._sign_in(http)
            visits = [self._make, self._make, self._poll, self._sign_in, *[self._stay] * 20, *[self._come_and_go] * 10]
            await asyncio.gather(*(self._again(visit, http) for visit in visits))

    async def _again(self, visit: Callable[[httpx2.AsyncClient], Awaitable[None]], http: httpx2.AsyncClient) -> None:
        while not self.over.is_set():
            try:
                await visit(http)
                self.done[visit.__name__.strip("_")] += 1
            except (httpx2.HTTPError, OSError, websockets.WebSocketException, KeyError) as error:
                status = f" {error.response.status_code}" if isinstance(error, httpx2.HTTPStatusError) else ""
                self.failed[f"{visit.__name__.strip('_')}: {type(error).__name__}{status}"] += 1
            await self._pause(WAIT_SECONDS * (1 + self._random.random()))

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), seconds)

    async def _sign_in(self, http: httpx2.AsyncClient) -> None:
        person = {"username": "admin", "password": self.password}
        answer = await http.post("/api/auth/token/", json=person)
        self._token = answer.raise_for_status().json()["access"]
        await self._pause(20.0)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def _make(self, http: httpx2.AsyncClient) -> None:
        """Makes a workflow, waits for its end, and deletes it."""
        wish = {"pipeline": "book", "input": {"seed": self._random.randrange(10_000), "pages": PAGES}}
        made = (await http.post("/api/workflows/", json=wish, headers=self._headers)).raise_for_status().json()
        self.workflow = path = made["id"]
        state = ""
        while state not in FINAL_STATES and not self.over.is_set():
            await self._pause(1.0)
            known = (await http.get(f"/api/workflows/{path}/", headers=self._headers)).raise_for_status().json()
            state = known["state"]
        if state in FINAL_STATES:
            (await http.delete(f"/api/workflows/{path}/", headers=self._headers)).raise_for_status()

    async def _poll(self, http: httpx2.AsyncClient) -> None:
        if self.workflow:
            answer = await http.get(f"/api/workflows/{self.workflow}/events/?after=0&wait=3", headers=self._headers)
            if answer.status_code != 404:  # deleted meanwhile
                answer.raise_for_status()

    async def _stay(self, _http: httpx2.AsyncClient) -> None:
        await self._watch(seconds=60.0, is_polite=True)

    async def _come_and_go(self, _http: httpx2.AsyncClient) -> None:
        await self._watch(seconds=self._random.random(), is_polite=self._random.random() < 0.5)

    async def _watch(self, *, seconds: float, is_polite: bool) -> None:
        """The list, all agents and the newest workflow; then leaves, with a close frame or without."""
        protocols = [websockets.Subprotocol("callboard.v1"), websockets.Subprotocol(f"bearer.{self._token}")]
        url = self.url.replace("http", "ws", 1) + "/ws/"
        async with websockets.connect(url, subprotocols=protocols, proxy=None, open_timeout=TIMEOUT_SECONDS) as socket:
            wishes: list[Json] = [{"target": "workflows"}, {"target": "agent", "id": "*"}]
            if self.workflow:
                wishes.append({"target": "workflow", "id": self.workflow, "since": self._random.randrange(5)})
            for wish in wishes:
                await socket.send(json.dumps({"type": "subscribe", **wish}))
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._read(socket)
            if not is_polite:
                socket.transport.abort()

    async def _read(self, socket: websockets.ClientConnection) -> None:
        while not self.over.is_set():
            with suppress(TimeoutError):
                text = await asyncio.wait_for(socket.recv(), 1.0)
                if '"type":"ping"' in str(text)[:40]:
                    await socket.send('{"type":"pong"}')
