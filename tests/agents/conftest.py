"""A small crew of real agents, registered beside the built-in one."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from agents import contract, metrics, registry
from agents.models import Agent
from agents.signals import agent_status_changed
from tests.agents import jobs


class Words(msgspec.Struct):
    """Some words."""

    text: str


class Shouter(contract.Agent):
    """Says it louder."""

    name = "shouter"
    description = "Says it louder."
    skills = (
        contract.typed_skill(
            id="shout", name="Shout", description="Upper case.", takes=Words, gives=Words, tags=("text",)
        ),
    )
    max_concurrent = 2
    lacks = ""

    def perform(self, job: contract.Job) -> contract.Outcome:
        """The words in upper case."""
        return contract.Outcome(Words(job.read(Words).text.upper()))

    def missing(self) -> str:
        """What the test says."""
        return self.lacks


class Crier(Shouter):
    """Shouts too."""

    name = "town-crier"


@pytest.fixture(autouse=True)
def counted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are counted at once, and those that run are the ones of `jobs`."""
    jobs.running.clear()
    monkeypatch.setattr(metrics, "_written_at", {})
    monkeypatch.setattr(metrics, "FLUSH_SECONDS", 0.0)
    monkeypatch.setattr(metrics, "_count_running", [lambda _names: jobs.running])


@pytest.fixture
def enlist(db: None) -> Iterator[Callable[[contract.Agent], Agent]]:
    """Registers an agent until the test ends, and returns its row."""
    enlisted: list[str] = []

    def enlist(agent: contract.Agent) -> Agent:
        registry.register(agent)
        enlisted.append(agent.name)
        registry.sync()
        return Agent.objects.get(name=agent.name)

    yield enlist
    for name in enlisted:
        registry.unregister(name)


@pytest.fixture
def shouter(enlist: Callable[[contract.Agent], Agent]) -> Agent:
    """The row of the one agent that can shout."""
    return enlist(Shouter())


@pytest.fixture
def announced() -> Iterator[list[dict[str, Any]]]:
    """Every `agent_status` body that was sent, in order."""
    bodies: list[dict[str, Any]] = []

    def collect(body: dict[str, Any], **_: Any) -> None:
        bodies.append(body)

    agent_status_changed.connect(collect)
    yield bodies
    agent_status_changed.disconnect(collect)
