"""What agents have in hand, and what they have failed at. The layer above has the rows, and sets `use`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from django.contrib.auth.models import User

MOST_JOBS: Final = 100  # of each agent
MOST_FAILURES: Final = 20


@dataclass(frozen=True, slots=True)
class Work:
    """A task that an agent performs, or has tried: of which workflow, where the admin shows it, and what went wrong."""

    workflow_id: str
    title: str
    task: str
    link: str
    at: datetime  # it began, or it failed
    problem: str = ""

    def as_body(self) -> dict[str, Any]:
        """An `AgentJob`."""
        return {"workflow_id": self.workflow_id, "task": self.task}


class Source(Protocol):
    """Where it comes from. Only what the watcher may see."""

    def running(self, agents: Collection[str], watcher: User) -> Mapping[str, Sequence[Work]]:
        """What these agents perform now, at most MOST_JOBS each; the longest first."""

    def failures(self, agent: str, watcher: User) -> Sequence[Work]:
        """What the agent has failed at lately, at most MOST_FAILURES; the newest first."""


_source: list[Source] = []


def use(source: Source) -> None:
    """Sets where it comes from."""
    _source[:] = [source]


def running(agents: Collection[str], watcher: User) -> Mapping[str, Sequence[Work]]:
    """See `Source.running`; nothing where there is no source."""
    return _source[0].running(agents, watcher) if _source else {}


def failures(agent: str, watcher: User) -> Sequence[Work]:
    """See `Source.failures`."""
    return _source[0].failures(agent, watcher) if _source else ()
