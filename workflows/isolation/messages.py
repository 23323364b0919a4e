"""What the runner's thread and the child process say to each other, in MessagePack."""

import os
from multiprocessing.connection import Connection
from typing import Any

import msgspec
from msgspec import Struct

from agents.contract import AgentError, BudgetReached, ProviderUnavailable, UnusableInput
from agents.contract import Answer as GivenAnswer
from agents.usage import Usage

Kind = type[UnusableInput] | type[ProviderUnavailable] | type[BudgetReached]

_KINDS: dict[str, Kind] = {kind.error_type: kind for kind in (UnusableInput, ProviderUnavailable, BudgetReached)}


def errno_of(error: BaseException | None) -> int:
    """The number of the operating system's error that it is, or came from; 0 without one."""
    if error is None:
        return 0
    number = getattr(error, "errno", None)
    return number if isinstance(number, int) and number else errno_of(error.__cause__)


class Message(Struct, frozen=True, tag=True):
    """Base of all messages; the tag is the name of the class."""


class Refused(Message, frozen=True):
    """An AgentError: from the child the outcome of the job, to the child the answer to a call."""

    message: str
    is_retryable: bool
    retry_after: float | None
    kind: str  # of `_KINDS`; "": any other
    errno: int  # see `errno_of`

    @classmethod
    def of(cls, error: AgentError) -> "Refused":
        """The message of this error."""
        kind = next((name for name, kind in _KINDS.items() if isinstance(error, kind)), "")
        return cls(error.message, error.retryable, error.retry_after, kind, errno_of(error))

    def error(self) -> AgentError:
        """The error of this message."""
        kind = _KINDS.get(self.kind, AgentError)
        error = kind(self.message, retryable=self.is_retryable, retry_after=self.retry_after)
        error.__cause__ = OSError(self.errno, os.strerror(self.errno)) if self.errno else None
        return error


class Stop(Message, frozen=True):
    """To the child: stop at the next checkpoint. From the child: it has stopped."""


class Broken(Message, frozen=True):
    """An unexpected error: from the child with its traceback, to the child about a call."""

    text: str
    errno: int  # see `errno_of`


# --- to the child ---------------------------------------------------------------------------------


class Start(Message, frozen=True):
    """The job. `agent` is the pickled instance."""

    agent: bytes
    skill: str
    input: dict[str, Any]
    workdir: str
    attempt: int
    attempt_id: str
    answers: list[GivenAnswer]
    remote_task: str
    log_fields: dict[str, Any] = {}  # of the attempt
    traceparent: str = ""


class Answer(Message, frozen=True):
    """What a call of Keep, Fetch, SetRemoteTask or CheckBudget returns."""

    value: str


# --- from the child -------------------------------------------------------------------------------


class Alive(Message, frozen=True):
    """A sign of life."""


class Progress(Message, frozen=True):
    """`Job.progress`."""

    fraction: float
    message: str


class Keep(Message, frozen=True):
    """`Job.keep`; an answer follows."""

    path: str
    name: str
    kind: str
    media_type: str


class Fetch(Message, frozen=True):
    """`Job.fetch`; an answer follows."""

    artifact_id: str


class SetRemoteTask(Message, frozen=True):
    """`Job.set_remote_task`; an answer follows."""

    remote_task: str


class CheckBudget(Message, frozen=True):
    """`Job.check_budget`; an answer follows."""


class Used(Message, frozen=True):
    """`Job.report_usage`."""

    usage: Usage


class Asked(Message, frozen=True):
    """An InputRequired: the outcome of the job."""

    question: str


class Completed(Message, frozen=True):
    """The outcome: the skill's `gives` as plain JSON, and a sentence."""

    output: Any
    message: str


ToChild = Start | Stop | Answer | Refused | Broken
FromChild = (
    Alive | Progress | Keep | Fetch | SetRemoteTask | CheckBudget | Used | Asked | Completed | Refused | Stop | Broken
)

_to_child: msgspec.msgpack.Decoder[ToChild] = msgspec.msgpack.Decoder(ToChild)
_from_child: msgspec.msgpack.Decoder[FromChild] = msgspec.msgpack.Decoder(FromChild)
_encode = msgspec.msgpack.encode


def send(connection: "Connection[Any, Any]", message: Message) -> None:
    """Raises: OSError when the other side is gone."""
    connection.send_bytes(_encode(message))


def receive_in_child(connection: "Connection[Any, Any]") -> ToChild:
    """Blocks. Raises: EOFError or OSError when the other side is gone."""
    return _to_child.decode(connection.recv_bytes())


def receive_from_child(connection: "Connection[Any, Any]") -> FromChild:
    """Blocks. Raises: EOFError or OSError when the other side is gone; msgspec.MsgspecError for what is no message."""
    return _from_child.decode(connection.recv_bytes())
