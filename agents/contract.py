"""What an agent is: a Job goes in; progress, artifacts and checkpoints on the way; an Outcome comes out.

Everything that can perform a skill, built in or remote, is an `Agent`. Everything that hands out
work gives it a `Job`. Neither side knows more of the other than what stands here.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import uuid4

import jsonschema
import msgspec
from msgspec import Meta

from agents import schemas, usage
from agents.errors import CallboardError
from agents.schemas import ARTIFACT_ID_FORMAT
from agents.usage import Usage

Input = TypeVar("Input")
Json = dict[str, Any]

# The id of an artifact, in a skill's input or output: whoever sends the work elsewhere sends the file along.
ArtifactId = Annotated[str, Meta(extra_json_schema={"format": ARTIFACT_ID_FORMAT})]


class ArtifactKind(StrEnum):
    """What an artifact is to a person; the values of `artifacts[].kind` that the pages know. Any other word will do."""

    SCRIPT = "script"
    SCENE = "scene"  # of a screenplay that is being written
    CHARACTER = "character"
    STORYBOARD = "storyboard"
    FRAME = "frame"
    CHOICE = "choice"  # which take was kept, and how good each is
    CLIP = "clip"
    SPEECH = "speech"  # what is said in a shot
    VIDEO = "video"
    POSTER = "poster"
    CAPTIONS = "captions"
    CHAPTERS = "chapters"
    SUBTITLES = "subtitles"  # the captions for players and editors
    TIMELINE = "timeline"  # the cut for editors; what it is made of is named `artifact:ID`
    IMAGE = "image"
    AUDIO = "audio"
    TEXT = "text"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Skill:
    """What an agent can do, in the sense of the A2A agent card.

    The schemas are JSON Schema (2020-12) of `Job.input` and `Outcome.output`. The modes are media types. An attempt that
    exceeds a limit (in seconds) is given up: `time_limit` from its start to its end, `silence_limit` between two calls of
    methods of its job.
    """

    id: str
    name: str
    description: str
    input_schema: Json
    output_schema: Json
    tags: tuple[str, ...] = ()
    input_modes: tuple[str, ...] = ("application/json",)
    output_modes: tuple[str, ...] = ("application/json",)
    time_limit: float = 600.0
    silence_limit: float = 120.0
    gives: type | None = None  # of a skill in Python: the type of its output


def typed_skill(
    id: str,  # noqa: A002 - the word of the agent card
    name: str,
    description: str,
    takes: type,
    gives: type,
    tags: tuple[str, ...] = (),
    time_limit: float = 600.0,
    silence_limit: float = 120.0,
) -> Skill:
    """A skill whose input and output are msgspec types: their schemas are derived."""
    return Skill(
        id=id,
        name=name,
        description=description,
        input_schema=_schema_of(takes),
        output_schema=_schema_of(gives),
        tags=tags,
        time_limit=time_limit,
        silence_limit=silence_limit,
        gives=gives,
    )


@cache
def _schema_of(given: type) -> Json:
    """Made once in a process: the agents are described at each start, and by each test."""
    return msgspec.json.schema(given)


def described_skills(skills: Iterable[Skill]) -> Iterator[Json]:
    """The skills as JSON, for `Agent.skills`."""
    for skill in skills:
        yield {
            "id": skill.id,
            "name": skill.name,
            "description": skill.description,
            "tags": list(skill.tags),
            "input_schema": skill.input_schema,
            "output_schema": skill.output_schema,
            "input_modes": list(skill.input_modes),
            "output_modes": list(skill.output_modes),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a job: what the skill gives (an instance of its type, or JSON), and a sentence for the people who watch."""

    output: msgspec.Struct | Json
    message: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered to a question of the agent."""

    question: str
    answer: str


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

    def __init__(self, message: str, *, retryable: bool = True, retry_after: float | None = None) -> None:
        super().__init__(message, retryable=retryable, retry_after=retry_after)


class BudgetReached(AgentError):
    """What the film has cost is its budget, or more: no model is called for it. The error of a failed task, never of a request."""


class JobStopped(Exception):
    """The job was asked to stop (paused now, cancelled, or its lease is lost); agents let it pass."""


class InputRequired(Exception):
    """The agent cannot go on before a person has answered `question`: the task waits, and the next attempt gets the answer."""

    def __init__(self, question: str) -> None:
        super().__init__(question)
        self.question = question


class Job(ABC):
    """One piece of work in the hands of an agent.

    All methods may be called from any thread. Every one of them is a checkpoint: it raises
    `JobStopped` as soon as the job was asked to stop.
    """

    skill: str
    input: Mapping[str, Any]  # plain JSON that fits the skill's input schema
    workdir: Path  # an empty folder of its own; gone when the job ends
    attempt: int  # 1 for the first try
    attempt_id: str  # no other attempt has it, anywhere: by it the other side of a line can tell a repetition
    answers: Sequence[Answer] = ()  # to questions of earlier attempts, oldest first
    # What `set_remote_task` was told by this attempt, or by one before that left off without an outcome; "" otherwise.
    remote_task: str = ""

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
    def keep(self, path: Path, *, name: str, kind: str, media_type: str) -> str:
        """Stores the file at `path` as an artifact, shown to watchers at once. Returns its id.

        `name` is a file name, unique within the task ("front.png"); keeping it again replaces it. `kind` is one of
        `ArtifactKind`, or any other word.
        """

    @abstractmethod
    def fetch(self, artifact_id: str) -> Path:
        """A readable local file with an artifact of the same workflow.

        Raises: AgentError when there is none.
        """

    @abstractmethod
    def set_remote_task(self, remote_task: str) -> None:
        """Stores by what name another system knows this job, so that a later attempt can take it up again."""

    # No checkpoints: what was spent is spent. What follows does nothing where nobody counts.

    def check_budget(self) -> None:  # noqa: B027 - see above
        """To be called before each call of a model that costs.

        Raises: BudgetReached when what the film has cost is its budget, or more.
        """

    def report_usage(self, usage: Usage) -> None:  # noqa: B027 - see above
        """Counts what a call of a model took, also when the attempt fails afterwards. Not on an event loop: it may block."""

    def usage_counted(self) -> Sequence[Usage]:
        """What was counted so far for the same `remote_task`, by earlier attempts too: the sums of each model. It may block."""
        return ()


class Agent(ABC):
    """Something that can perform skills. One instance serves many jobs at once, from several threads."""

    name: str
    description: str
    skills: tuple[Skill, ...]
    max_concurrent: int = 4
    # Each job in a child process, which is killed when it does not stop: for agents that may hang, crash or leak. The
    # agent must be picklable, and neither it nor its module may use the database.
    is_isolated: ClassVar[bool] = False

    @abstractmethod
    def perform(self, job: Job) -> Outcome:
        """Does the job, blocking.

        Raises: AgentError when it cannot; InputRequired when a person must answer first; JobStopped when it was asked to stop.
        """

    def missing(self) -> str:
        """What it lacks to work ("OPENAI_API_KEY is not set."), or "" when it is ready. Quick; no network."""
        return ""

    def skill(self, skill_id: str) -> Skill:
        """The skill with this id.

        Raises: KeyError.
        """
        return next(skill for skill in self.skills if skill.id == skill_id)


class AsyncAgent(Agent):
    """An agent that waits for another system: its jobs hold no thread, but share an event loop of the runner's process.

    Of a job's methods, `checkpoint` and `progress` may be called on the loop; the others block, and belong into
    `asyncio.to_thread`. A job that is to stop, or exceeds a limit, is cancelled.
    """

    def perform(self, job: Job) -> Outcome:
        """Does the job, on a loop of its own."""
        return asyncio.run(self.perform_async(job))

    @abstractmethod
    async def perform_async(self, job: Job) -> Outcome:
        """Does the job.

        Raises: AgentError when it cannot; InputRequired when a person must answer first; JobStopped when it was asked to stop.
        """

    @abstractmethod
    async def withdraw(self, remote_task: str) -> None:
        """Asks the other system to stop what it does: nobody waits for it any more. What has ended already is no error.

        Raises: AgentError when it cannot be reached: it is asked again later.
        """


def perform_checked(agent: Agent, job: Job) -> Outcome:
    """Lets the agent do the job, and holds it to what its skill promises.

    Raises: AgentError, InputRequired, JobStopped, and whatever else a broken agent raises.
    """
    with usage.metered(job):
        outcome = agent.perform(job)
    return checked(agent.name, agent.skill(job.skill), outcome)


def checked(agent_name: str, skill: Skill, outcome: Outcome) -> Outcome:
    """The outcome, if its output is what the skill promises.

    Raises: AgentError.
    """
    if skill.gives:
        if isinstance(outcome.output, skill.gives):
            return outcome
        raise AgentError(f"{agent_name} gave something else than {skill.id} promises.")
    try:
        schemas.validator(skill.output_schema).validate(msgspec.to_builtins(outcome.output))
    except jsonschema.ValidationError as error:
        where = f" ({error.json_path})" if error.absolute_path else ""
        raise AgentError(f"{agent_name} gave something else than {skill.id} promises{where}.") from None
    return outcome


@dataclass(slots=True)
class FolderJob(Job):
    """A job that stands alone: its artifacts are files in a folder. For tests and for agents served on their own."""

    skill: str
    input: Mapping[str, Any]
    workdir: Path
    folder: Path
    attempt: int = 1
    attempt_id: str = field(default_factory=lambda: uuid4().hex)
    answers: Sequence[Answer] = ()
    remote_task: str = ""
    reported: list[tuple[float, str]] = field(default_factory=list)
    used: list[Usage] = field(default_factory=list)
    is_stopped: bool = False

    def checkpoint(self) -> None:
        if self.is_stopped:
            raise JobStopped

    def progress(self, fraction: float, message: str = "") -> None:
        self.checkpoint()
        self.reported.append((fraction, message))

    def keep(self, path: Path, *, name: str, kind: str, media_type: str) -> str:  # noqa: ARG002
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

    def set_remote_task(self, remote_task: str) -> None:
        self.remote_task = remote_task

    def report_usage(self, usage: Usage) -> None:
        self.used.append(usage)
