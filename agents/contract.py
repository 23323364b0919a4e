"""What an agent is: a Job goes in; progress, artifacts and checkpoints on the way; an Outcome comes out.

Everything that can perform a skill, built in or remote, is an `Agent`. Everything that hands out
work gives it a `Job`. Neither side knows more of the other than what stands here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import msgspec

from agents.errors import CallboardError

Input = TypeVar("Input")
Json = dict[str, Any]


class ArtifactKind(StrEnum):
    """What an artifact is to a person; the wire values of `artifacts[].kind`."""

    SCRIPT = "script"
    CHARACTER = "character"
    STORYBOARD = "storyboard"
    FRAME = "frame"
    CLIP = "clip"
    VIDEO = "video"
    POSTER = "poster"
    CAPTIONS = "captions"


@dataclass(frozen=True, slots=True)
class Skill:
    """What an agent can do, in the sense of the A2A agent card.

    `takes` and `gives` are msgspec types; their JSON Schemas are what the world sees. An attempt that exceeds a limit (in
    seconds) is given up: `time_limit` from its start to its end, `silence_limit` between two calls of methods of its job.
    """

    id: str
    name: str
    description: str
    takes: type
    gives: type
    tags: tuple[str, ...] = ()
    time_limit: float = 600.0
    silence_limit: float = 120.0

    @property
    def input_schema(self) -> Json:
        """JSON Schema (2020-12) of `Job.input`."""
        return _schema_of(self.takes)

    @property
    def output_schema(self) -> Json:
        """JSON Schema (2020-12) of `Outcome.output`."""
        return _schema_of(self.gives)


@cache
def _schema_of(given: type) -> Json:
    """Made once in a process: the agents are described at each start, and by each test."""
    return msgspec.json.schema(given)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a job: an instance of the skill's `gives`, and a sentence for the people who watch."""

    output: msgspec.Struct
    message: str = ""


class AgentError(CallboardError):
    """The agent could not do the job.

    The message is shown to makers: it says what went wrong and what they can do, and holds no secret. `retry_after`
    are the seconds that the agent, or a service that it uses, asked to wait.
    """

    http_status = 500

    def __init__(self, message: str, *, retryable: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message, retryable=retryable, retry_after=retry_after)


class UnusableInput(AgentError):
    """The input is at fault, not the agent: it does not count against the agent's health, so that no input can make it unhealthy."""


class ProviderUnavailable(AgentError):
    """A service that the agent works with is out of reach, does not answer, or asks to wait: people are told that it is waited for."""


class JobStopped(Exception):
    """The job was asked to stop (paused now, cancelled, or its lease is lost); agents let it pass."""


class Job(ABC):
    """One piece of work in the hands of an agent.

    All methods may be called from any thread. Every one of them is a checkpoint: it raises
    `JobStopped` as soon as the job was asked to stop.
    """

    skill: str
    input: Mapping[str, Any]  # plain JSON that fits the skill's input schema
    workdir: Path  # an empty folder of its own; gone when the job ends
    attempt: int  # 1 for the first try

    def read(self, takes: type[Input]) -> Input:
        """The input as the skill's own type.

        Raises: UnusableInput when it does not fit.
        """
        try:
            return msgspec.convert(self.input, takes)
        except msgspec.ValidationError as error:
            raise UnusableInput(f"The input of {self.skill} does not fit: {error}.") from error

    @abstractmethod
    def checkpoint(self) -> None:
        """Raises JobStopped when the job was asked to stop. Call it at least every 0.25 s of work."""

    @abstractmethod
    def progress(self, fraction: float, message: str = "") -> None:
        """Says how far this job is (0.0-1.0) and what it is doing, in words for a maker. Cheap; call it often."""

    @abstractmethod
    def keep(self, path: Path, *, name: str, kind: ArtifactKind, media_type: str) -> str:
        """Stores the file at `path` as an artifact, shown to watchers at once. Returns its id.

        `name` is a file name, unique within the task ("front.png"); keeping it again replaces it.
        """

    @abstractmethod
    def fetch(self, artifact_id: str) -> Path:
        """A readable local file with an artifact of the same workflow.

        Raises: AgentError when there is none.
        """


class Agent(ABC):
    """Something that can perform skills. One instance serves many jobs at once, from several threads."""

    name: ClassVar[str]
    description: ClassVar[str]
    skills: ClassVar[tuple[Skill, ...]]
    max_concurrent: ClassVar[int] = 4
    # Each job in a child process, which is killed when it does not stop: for agents that may hang, crash or leak. The
    # agent must be picklable, and neither it nor its module may use the database.
    is_isolated: ClassVar[bool] = False

    @abstractmethod
    def perform(self, job: Job) -> Outcome:
        """Does the job, blocking.

        Raises: AgentError when it cannot; JobStopped when it was asked to stop.
        """

    def missing(self) -> str:
        """What it lacks to work ("OPENAI_API_KEY is not set."), or "" when it is ready. Quick; no network."""
        return ""

    def skill(self, skill_id: str) -> Skill:
        """The skill with this id.

        Raises: KeyError.
        """
        return next(skill for skill in self.skills if skill.id == skill_id)


def perform_checked(agent: Agent, job: Job) -> Outcome:
    """Lets the agent do the job, and holds it to what its skill promises.

    Raises: AgentError, JobStopped, and whatever else a broken agent raises.
    """
    outcome = agent.perform(job)
    if not isinstance(outcome.output, agent.skill(job.skill).gives):
        raise AgentError(f"{agent.name} gave something else than {job.skill} promises.")
    return outcome


@dataclass(slots=True)
class FolderJob(Job):
    """A job that stands alone: its artifacts are files in a folder. For tests and for agents served on their own."""

    skill: str
    input: Mapping[str, Any]
    workdir: Path
    folder: Path
    attempt: int = 1
    reported: list[tuple[float, str]] = field(default_factory=list)
    is_stopped: bool = False

    def checkpoint(self) -> None:
        if self.is_stopped:
            raise JobStopped

    def progress(self, fraction: float, message: str = "") -> None:
        self.checkpoint()
        self.reported.append((fraction, message))

    def keep(self, path: Path, *, name: str, kind: ArtifactKind, media_type: str) -> str:  # noqa: ARG002
        self.checkpoint()
        kept = self.folder / f"{kind}-{name}"
        kept.write_bytes(path.read_bytes())
        return kept.name

    def fetch(self, artifact_id: str) -> Path:
        self.checkpoint()
        path = self.folder / artifact_id
        if not path.is_file():
            raise AgentError(f"The artifact {artifact_id} is missing.")
        return path
