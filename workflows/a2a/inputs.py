"""Reads a message: which skill it asks for, the input that it holds, and the files that come with it."""

import json
import mimetypes
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from a2a.types.a2a_pb2 import Message, Part, Role
from a2a.utils.errors import ContentTypeNotSupportedError
from google.protobuf.json_format import MessageToDict, SerializeToJsonError

from agents import schemas
from workflows.a2a import profile
from workflows.a2a.errors import invalid
from workflows.a2a.served import JSON_TYPE, TEXT_TYPE, Offer, Served
from workflows.pipelines import inputs

PARTS_LIMIT: Final = 1_000
ID_LENGTH: Final = 128
NAME_LENGTH: Final = 80

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a message, under the id of the artifact that it becomes."""

    id: UUID
    name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Reading:
    """What a message asks for."""

    offer: Offer
    given: Json
    files: list[File] = field(default_factory=list)


def check(message: Message) -> None:
    """What must hold for every message.

    Raises: InvalidParamsError.
    """
    if message.role != Role.ROLE_USER:
        raise invalid("message.role", "A client's messages have the role ROLE_USER.")
    for name in ("message_id", "context_id", "task_id"):
        value = getattr(message, name)
        if len(value) > ID_LENGTH or not inputs.is_readable(value):
            raise invalid(f"message.{name}", f"An id is a readable text of at most {ID_LENGTH} characters.")
    if len(message.parts) > PARTS_LIMIT:
        raise invalid("message.parts", f"A message has at most {PARTS_LIMIT:,} parts.")
    if any(part.WhichOneof("content") is None for part in message.parts):
        raise invalid("message.parts", "Each part holds one of text, raw, url and data.")
    if not _is_storable(message):
        raise invalid("message", "It holds what cannot be stored: the character NUL, or a number that is none.")


def read(message: Message, agent: Served) -> Reading:
    """What a first message asks of the agent. That its input fits the skill's schema is for the coordinator to check.

    Raises: InvalidParamsError, ContentTypeNotSupportedError.
    """
    _check_types(message, agent.name, {mode for offer in agent.offers for mode in offer.input_modes})
    offer = _offer(message, agent)
    _check_types(message, offer.id, offer.input_modes)
    reading = Reading(offer, {})
    new_ids = _read_files(message, reading)
    reading.given = _input(message, offer, [str(file.id) for file in reading.files])
    _check_references(reading, new_ids)
    reading.given = schemas.rewritten(offer.input_schema, reading.given, new_ids)
    return reading


def skill_of(message: Message) -> str:
    """The skill that the message names, in the way of our extension; "" when it names none."""
    named = _metadata(message).get("skill", "")
    return named if isinstance(named, str) else ""


def is_recognised_again(message: Message) -> bool:
    """Whether its sender counts on it that the same message id makes no second task."""
    return profile.SKILLS in message.metadata


def _offer(message: Message, agent: Served) -> Offer:
    where, ids = f"message.metadata[{profile.SKILLS!r}].skill", ", ".join(offer.id for offer in agent.offers)
    if skill_id := skill_of(message):
        if offer := agent.offer(skill_id):
            return offer
        raise invalid(where, f"{agent.name} has no skill {skill_id[:100]!r}. It has: {ids}.")
    if len(agent.offers) == 1:
        return agent.offers[0]
    if _texts(message) and not _has_data(message):
        from_text = (offer for offer in agent.offers if offer.text_field)
        if offer := next(from_text, None):
            return offer
    raise invalid(where, f"Say which skill: {agent.name} has {ids}.")


def _check_types(message: Message, name: str, modes: Collection[str]) -> None:
    for part in message.parts:
        if part.WhichOneof("content") == "url":
            raise ContentTypeNotSupportedError("Files are not fetched from elsewhere: send the bytes, as raw.")
        media_type = media_type_of(part)
        is_remark = part.WhichOneof("content") == "text" and media_type == TEXT_TYPE  # beside the data
        if media_type not in modes and not is_remark:
            raise ContentTypeNotSupportedError(
                f"{name} does not take {media_type[:100]}. It takes: {', '.join(sorted(modes))}."
            )


def media_type_of(part: Part) -> str:
    """The type that a part says it has, or else the one that its content or its name stands for."""
    declared = part.media_type.partition(";")[0].strip().lower()
    match part.WhichOneof("content"):
        case "text":
            return declared or TEXT_TYPE
        case "data":
            return declared or JSON_TYPE
        case _:
            return declared or mimetypes.guess_type(part.filename)[0] or "application/octet-stream"


def _read_files(message: Message, reading: Reading) -> dict[str, str]:
    """Notes the files; returns by what names the data refers to them, each with the id of its artifact."""
    new_ids: dict[str, str] = {}
    for number, part in enumerate(message.parts):
        if part.WhichOneof("content") == "raw":
            name = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in part.filename)
            # So that none is replaced by another, nor by what the agent makes.
            file = File(uuid4(), f"given-{number}-{name[-NAME_LENGTH:] or 'file'}", media_type_of(part), part.raw)
            reading.files.append(file)
            named = _metadata(part).get("artifact")
            new_ids[named if isinstance(named, str) else part.filename or str(file.id)] = str(file.id)
    return new_ids


def _input(message: Message, offer: Offer, file_ids: list[str]) -> Json:
    data = [inputs.whole(MessageToDict(part.data)) for part in message.parts if part.WhichOneof("content") == "data"]
    if len(data) > 1 or not all(isinstance(value, dict) for value in data):
        raise invalid("message.parts", f"The input of {offer.id} is one part of data, which holds an object.")
    if data:
        return dict(data[0])
    text = text_of(message)
    if text and not offer.text_field:
        needed = ", ".join(sorted(schemas.required_of(offer.input_schema)))
        raise invalid(
            "message.parts",
            f"{offer.id} cannot be made from text alone: send a part of data that fits its input schema. It needs: {needed}.",
        )
    given: Json = {offer.text_field: text} if text else {}
    if file_ids and offer.files_field:
        given[offer.files_field] = file_ids
    return given


def _check_references(reading: Reading, new_ids: dict[str, str]) -> None:
    known = {*new_ids, *new_ids.values()}
    for wanted in schemas.references(reading.offer.input_schema, reading.given):
        if wanted not in known:
            raise invalid(
                "message.parts",
                f"The data refers to the file {wanted[:100]!r}, which no part of the message holds: send it as raw, with "
                f"its name in metadata[{profile.SKILLS!r}].artifact.",
            )


def text_of(message: Message) -> str:
    """All that it says in words."""
    return "\n".join(_texts(message))


def answer_of(message: Message) -> str:
    """The answer to a question: in words, or data as JSON.

    Raises: InvalidParamsError, ContentTypeNotSupportedError.
    """
    if any(part.WhichOneof("content") in ("raw", "url") for part in message.parts):
        raise ContentTypeNotSupportedError("A question is answered in words, or with data.")
    said = [
        part.text if part.WhichOneof("content") == "text" else json.dumps(inputs.whole(MessageToDict(part.data)))
        for part in message.parts
    ]
    if answer := "\n".join(said).strip():
        return answer
    raise invalid("message.parts", "The answer is empty.")


def said(message: Message, files: list[File]) -> Json:
    """The message as it is kept: of each file only the id of its artifact."""
    kept: Json = MessageToDict(message)
    ids = iter(files)
    for part in kept["parts"]:
        if "raw" in part:
            del part["raw"]
            part["artifact"] = str(next(ids).id)
    return kept


def _is_storable(message: Message) -> bool:
    copy = Message()
    copy.CopyFrom(message)
    for part in copy.parts:
        if part.WhichOneof("content") == "raw":
            part.raw = b""  # files are kept as they are
    try:
        return schemas.is_storable(MessageToDict(copy))
    except SerializeToJsonError:  # NaN or Infinity: Python reads them, JSON has none
        return False


def _metadata(holder: Message | Part) -> Json:
    given = MessageToDict(holder.metadata).get(profile.SKILLS)
    return given if isinstance(given, dict) else {}


def _texts(message: Message) -> list[str]:
    return [part.text for part in message.parts if part.WhichOneof("content") == "text"]


def _has_data(message: Message) -> bool:
    return any(part.WhichOneof("content") == "data" for part in message.parts)
