"""Agent cards: fetched, checked, and read as what a local agent would be.

A card that declares the extension SKILLS_URI holds the JSON Schemas of its skills; of others a skill takes a text and files,
and gives a text, data and files (docs/a2a.md).
"""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import httpx
from a2a.client.card_resolver import parse_agent_card
from a2a.types.a2a_pb2 import AgentCard, AgentInterface
from a2a.types.a2a_pb2 import AgentSkill as CardSkill
from a2a.utils.constants import AGENT_CARD_WELL_KNOWN_PATH, TransportProtocol
from google.protobuf.json_format import ParseError

from agents.contract import Json, Skill
from agents.remote import network, schemas
from agents.remote.config import Config, read_config
from agents.remote.errors import UnusableCard, cleaned
from agents.remote.listening import listening
from agents.schemas import is_storable

SKILLS_URI = "urn:callboard:a2a:skills:1"
PROGRESS_URI = "urn:callboard:a2a:progress:1"
USAGE_URI = "urn:callboard:a2a:usage:1"
SPOKEN = frozenset({SKILLS_URI, PROGRESS_URI, USAGE_URI})
BINDINGS = [TransportProtocol.JSONRPC.value, TransportProtocol.HTTP_JSON.value]  # in order of preference
CARD_BYTES = 256 * 1024
SKILLS_PER_CARD = 100
SKILL_ID = re.compile(r"[^\x00-\x1f\x7f/]{1,64}")
VERSION = re.compile(r"(1(\.\d{1,9}){0,2})?")

_FILES: Json = {"type": "array", "items": {"type": "string", "format": "artifact-id"}}
PLAIN_INPUT: Json = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "files": _FILES},
    "required": ["text"],
    "additionalProperties": False,
}
PLAIN_OUTPUT: Json = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "data": {}, "files": _FILES},
    "required": ["text", "data", "files"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, as far as it is used here."""

    name: str
    description: str
    skills: tuple[Skill, ...]
    schema_skills: frozenset[str]  # the ids of those with schemas, which are asked for by name
    extensions: frozenset[str]  # of ours, that it declares
    proto: AgentCard  # with only the interfaces that may be used

    @property
    def is_streaming(self) -> bool:
        """Whether it tells of a task while it works on it."""
        return bool(self.proto.capabilities.streaming)


async def fetch(url: str, bearer: str = "") -> Json:
    """The card of the agent at this URL, which `read` has not checked yet.

    Raises: AgentError, Lost.
    """
    config = read_config()
    async with network.http_client(most_bytes=CARD_BYTES, bearer=bearer) as http:
        async with listening(config.connect_seconds + config.silence_seconds, secret=bearer):
            answer = await http.get(card_url(url), headers={"Accept": "application/json"})
            answer.raise_for_status()
        return _object(answer)


def card_url(url: str) -> str:
    """Where the card of an agent is: at its well-known place, unless the URL itself names a JSON file."""
    return url if url.endswith(".json") else url.rstrip("/") + AGENT_CARD_WELL_KNOWN_PATH


def _object(answer: httpx.Response) -> Json:
    try:
        card = json.loads(answer.content)
        if isinstance(card, dict) and is_storable(card):
            return card
    except (ValueError, RecursionError):
        pass
    raise UnusableCard(f"What {cleaned(str(answer.url))} answers is no agent card.")


def read(raw: Json, url: str) -> Card:
    """The card of an agent that is registered at `url`.

    Raises: UnusableCard.
    """
    config = read_config()
    proto = _parsed(raw)
    usable = list(_usable_interfaces(proto, url))
    del proto.supported_interfaces[:]
    proto.supported_interfaces.extend(usable)
    declared = {extension.uri: extension for extension in proto.capabilities.extensions}
    foreign = [uri for uri, it in declared.items() if it.required and uri not in SPOKEN]
    if foreign:
        raise UnusableCard(f"It demands an extension that Callboard does not speak: {cleaned(foreign[0])}")
    given = _schemas_of(raw)
    skills = tuple(_skill(skill, given, config) for skill in proto.skills)
    _check_ids([skill.id for skill in skills])
    return Card(
        name=cleaned(proto.name, characters=100),
        description=cleaned(proto.description, characters=1_000),
        skills=skills,
        schema_skills=frozenset(given) & {skill.id for skill in skills},
        extensions=frozenset(declared) & SPOKEN,
        proto=proto,
    )


def _parsed(raw: Json) -> AgentCard:
    try:
        card: AgentCard = parse_agent_card(deepcopy(raw))  # it changes what it is given
    except (ParseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnusableCard(f"It is no agent card: {cleaned(str(error))}") from None
    return card


def _usable_interfaces(card: AgentCard, url: str) -> Iterator[AgentInterface]:
    spoken = [
        interface
        for interface in card.supported_interfaces
        if interface.protocol_binding in BINDINGS and VERSION.fullmatch(interface.protocol_version)
    ]
    if not spoken:
        raise UnusableCard(f"It offers no interface of A2A 1.0 with {' or '.join(BINDINGS)}.")
    # A card must not send us, and the credential, to somebody else.
    at_home = [interface for interface in spoken if origin(interface.url) == origin(url)]
    if not at_home:
        elsewhere = cleaned(spoken[0].url, characters=100)
        raise UnusableCard(f"Its interface is not where it is registered, but at {elsewhere}")
    yield from at_home


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port.

    Raises: UnusableCard when it is no URL.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise UnusableCard(f"{cleaned(url, characters=100)} is no URL.") from None
    return parsed.scheme, parsed.host, parsed.port or {"http": 80, "https": 443}.get(parsed.scheme)


def _schemas_of(raw: Json) -> dict[str, Json]:
    """From the JSON itself: in the SDK's types each number is a float."""
    try:
        extensions = (raw.get("capabilities") or {}).get("extensions") or []
        ours: Json = next((each for each in extensions if each.get("uri") == SKILLS_URI), {})
        return dict((ours.get("params") or {}).get("skills") or {})
    except (AttributeError, TypeError, ValueError):
        raise UnusableCard(f"What it says of {SKILLS_URI} is of the wrong form.") from None


def _skill(skill: CardSkill, given: dict[str, Json], config: Config) -> Skill:
    stated: Any = given.get(skill.id, {"input_schema": PLAIN_INPUT, "output_schema": PLAIN_OUTPUT})
    if not isinstance(stated, dict):
        raise UnusableCard(f"What it says of its skill {cleaned(skill.id)} is of the wrong form.")
    return Skill(
        id=skill.id,
        name=cleaned(skill.name, characters=100) or skill.id,
        description=cleaned(skill.description, characters=1_000),
        input_schema=schemas.taken_over(stated.get("input_schema")),
        output_schema=schemas.taken_over(stated.get("output_schema")),
        tags=tuple(cleaned(tag, characters=50) for tag in skill.tags[:20]),
        input_modes=tuple(cleaned(mode, characters=100) for mode in skill.input_modes[:20]),
        output_modes=tuple(cleaned(mode, characters=100) for mode in skill.output_modes[:20]),
        time_limit=config.time_limit,
        # Later than our own patience, which gives the better reason.
        silence_limit=config.lost_seconds + 2 * config.silence_seconds,
    )


def _check_ids(ids: list[str]) -> None:
    if not ids or len(ids) > SKILLS_PER_CARD:
        raise UnusableCard(f"It has {len(ids)} skills; there may be 1 to {SKILLS_PER_CARD}.")
    wrong = [skill_id for skill_id in ids if not SKILL_ID.fullmatch(skill_id)]
    if wrong or len(set(ids)) < len(ids):
        raise UnusableCard("The ids of its skills must differ, have 1 to 64 characters, and no slash among them.")
