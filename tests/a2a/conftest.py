"""A server with an agent for these tests, and clients of it."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.a2a.peers import BINDINGS, Json, Peer
from tests.server import Server

Told = Callable[[], str]


@dataclass
class PostOffice(Server):
    """A server with one agent more, the correspondent."""

    def _run(self, _module: str) -> "subprocess.Popen[bytes]":
        return super()._run("tests.a2a.serving")

    def address(self, agent: str) -> str:
        """Where an agent is."""
        return f"{self.url}/a2a/{agent}"

    def anonymous(self) -> httpx2.Client:
        """An HTTP client that is not signed in; close it."""
        return self._http()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    """A running server, shared by all tests."""
    with PostOffice(tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.fixture
def alice(office: PostOffice) -> Iterator[httpx2.Client]:
    """An HTTP client signed in as Alice."""
    with office.client("alice") as http:
        yield http


@pytest.fixture(params=BINDINGS, ids=lambda binding: str(binding.binding))
def peer(request: pytest.FixtureRequest, office: PostOffice, alice: httpx2.Client) -> Peer:
    """Alice at the correspondent, in either binding."""
    made: Peer = request.param(alice, office.address("correspondent"))
    return made


class Gate:
    """A letter that is worked on until the gate is opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.text = f"work {path}"

    def open(self) -> None:
        """The work may end."""
        self._path.touch()


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    """A closed gate, which is open after the test."""
    gate = Gate(tmp_path / "gate")
    yield gate
    gate.open()


def states(updates: list[Json]) -> list[str]:
    """The states in updates, each once in a row."""
    told = [
        update[kind]["status"]["state"] for update in updates for kind in ("task", "statusUpdate") if kind in update
    ]
    return [state for number, state in enumerate(told) if number == 0 or told[number - 1] != state]
