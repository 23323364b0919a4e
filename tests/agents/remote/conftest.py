"""An agent elsewhere that a test directs, and jobs for it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from agents import registry
from agents.contract import AsyncAgent, FolderJob
from agents.models import Agent
from agents.remote import agent_of
from tests.agents.remote import peer as peers
from tests.agents.remote.peer import Json, Peer

Limit = Callable[..., None]
MakeJob = Callable[..., "WatchedJob"]
AgentOf = Callable[..., AsyncAgent]


@dataclass(slots=True)
class WatchedJob(FolderJob):
    """A job whose remote task is told to whoever waits for it."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None

    def set_remote_task(self, remote_task: str) -> None:
        FolderJob.set_remote_task(self, remote_task)
        assert self.loop
        self.loop.call_soon_threadsafe(self.begun.set)

    def progress(self, fraction: float, message: str = "") -> None:
        FolderJob.progress(self, fraction, message)
        self.told.set()


@pytest.fixture(autouse=True)
def on_the_loopback(settings: Settings) -> None:
    """Tests run on this machine, which is a private address."""
    settings.REMOTE_PRIVATE_ADDRESSES = True
    settings.REMOTE = {**settings.REMOTE, "POLL_SECONDS": 0.01}


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test has registered is not known to the tests after it."""
    yield
    registry._remote.clear()


@pytest.fixture
def limit(settings: Settings) -> Limit:
    """Sets bounds and time-outs: `limit(SILENCE_SECONDS=0.3)`."""

    def limit(**values: Any) -> None:
        settings.REMOTE = {**settings.REMOTE, **values}

    return limit


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A running agent elsewhere."""
    with peers.running() as peer:
        yield peer


@pytest.fixture
def painter(peer: Peer) -> AsyncAgent:
    """The peer, as an agent of ours."""
    return remote_agent(peer.url, peer.card)


def remote_agent(url: str, card: Json, **columns: Any) -> AsyncAgent:
    """The agent that a row with this URL and card describes."""
    return agent_of(Agent(name="painter", kind=Agent.Kind.A2A, url=url, card=card, **columns))


@pytest.fixture
def make_job(tmp_path: Path) -> MakeJob:
    """Jobs that share a folder for their artifacts."""
    folder = tmp_path / "artifacts"
    folder.mkdir()

    def make_job(skill: str = "paint", **fields: Any) -> WatchedJob:
        workdir = tmp_path / f"work-{len(list(tmp_path.iterdir()))}"
        workdir.mkdir()
        wish = fields.pop("input", {"subject": "a lighthouse"})
        try:
            loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        return WatchedJob(skill=skill, input=wish, workdir=workdir, folder=folder, loop=loop, **fields)

    return make_job


@pytest.fixture
async def job(make_job: MakeJob) -> WatchedJob:
    """A wish for a picture."""
    return make_job()
