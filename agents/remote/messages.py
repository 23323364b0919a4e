"""What is sent to a remote agent: the input of a job with its files, and the answers of people."""

import mimetypes
from collections.abc import Iterator
from typing import Any

from a2a.types.a2a_pb2 import Message, Part, Role
from google.protobuf.json_format import Error as JsonError
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message as ProtobufMessage
from google.protobuf.struct_pb2 import Value

from agents.contract import AgentError, Job, Skill
from agents.remote.cards import SKILLS_URI
from agents.remote.config import read_config
from agents.remote.errors import Misbehaved
from agents.schemas import references


def first_message(job: Job, skill: Skill, *, by_schema: bool) -> Message:
    """The message that asks for the job; blocks while it reads the files. Sent again, it is recognised by its id.

    `by_schema`: the agent takes the input as data; others take a text and files.

    Raises: AgentError when the input cannot be sent.
    """
    message = Message(message_id=job.attempt_id, role=Role.ROLE_USER)
    if by_schema:
        message.extensions.append(SKILLS_URI)
        message.metadata.update({SKILLS_URI: {"skill": skill.id}})
        message.parts.append(Part(data=_value(dict(job.input)), media_type="application/json"))
    else:
        message.parts.append(Part(text=str(job.input.get("text", "")), media_type="text/plain"))
    message.parts.extend(_files(job, skill, by_schema=by_schema))
    return message


def answer_message(job: Job, *, task_id: str, context_id: str) -> Message:
    """The newest answer of a person, for the remote task that asked. The id is the same in each attempt."""
    number = len(job.answers)
    return Message(
        message_id=f"{task_id}-answer-{number}",
        role=Role.ROLE_USER,
        task_id=task_id,
        context_id=context_id,
        parts=[Part(text=job.answers[-1].answer, media_type="text/plain")],
    )


def plain(value: Value) -> Any:  # noqa: ANN401 - any JSON
    """The JSON of a data part. Its numbers were all made floats: whole ones are whole again."""
    return _narrowed(json_of(value))


def json_of(message: ProtobufMessage) -> Any:  # noqa: ANN401 - any JSON
    """What the message is in JSON.

    Raises: Misbehaved when it holds what JSON has not: NaN, infinity.
    """
    try:
        return MessageToDict(message)
    except (JsonError, ValueError):
        raise Misbehaved("It has sent a number that is none.") from None


def _value(given: object) -> Value:
    value = ParseDict(given, Value())
    if plain(value) != given:
        raise AgentError("The input holds a number that A2A cannot carry: it has no whole numbers beyond 2⁵³.")
    return value


def _narrowed(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _narrowed(entry) for name, entry in value.items()}
    return [_narrowed(entry) for entry in value] if isinstance(value, list) else value


def _files(job: Job, skill: Skill, *, by_schema: bool) -> Iterator[Part]:
    left = read_config().message_bytes
    for artifact_id in references(skill.input_schema, dict(job.input)):
        path = job.fetch(artifact_id)
        left -= path.stat().st_size
        if left < 0:
            raise AgentError(
                f"The files of this task have more than REMOTE_MESSAGE_BYTES ({read_config().message_bytes:,}), "
                f"which is the most that is sent to a remote agent."
            )
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        part = Part(raw=path.read_bytes(), filename=path.name, media_type=media_type)
        if by_schema:
            part.metadata.update({SKILLS_URI: {"artifact": artifact_id}})
        yield part
