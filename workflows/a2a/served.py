"""What is served over A2A: every registered agent by its name, and the coordinator, whose skills are the pipelines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from agents import registry, schemas
from agents.contract import Agent, Skill
from workflows import pipelines
from workflows.pipelines import one_step
from workflows.pipelines.base import Pipeline

COORDINATOR: Final = "coordinator"
JSON_TYPE: Final = "application/json"
TEXT_TYPE: Final = "text/plain"
# The media types that are taken for the files of a skill that says nothing more precise than that it takes artifacts.
FILE_TYPES: Final = (
    *("image/png", "image/jpeg", "image/webp", "image/gif"),
    *("video/mp4", "video/webm", "video/quicktime"),
    *("audio/mpeg", "audio/mp4", "audio/wav", "audio/x-wav", "audio/ogg", "audio/flac"),
    *(TEXT_TYPE, "text/vtt", "text/markdown", "text/csv", JSON_TYPE, "application/pdf"),
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """A skill as it is served: `pipeline` does it."""

    id: str
    name: str
    description: str
    tags: tuple[str, ...]
    pipeline: str
    input_schema: Json
    output_schema: Json
    input_modes: tuple[str, ...]
    output_modes: tuple[str, ...]

    @property
    def text_field(self) -> str:
        """The field that a text alone can fill, so that nothing else is missing; "" when there is none."""
        return _text_field(self.input_schema)

    @property
    def files_field(self) -> str:
        """The field that takes a list of any files; "" when there is none."""
        fields = schemas.fields_of(self.input_schema)
        return next((name for name in fields if schemas.references(self.input_schema, {name: ["?"]})), "")


@dataclass(frozen=True, slots=True)
class Served:
    """An agent as it is served."""

    name: str
    title: str
    description: str
    offers: tuple[Offer, ...]

    def offer(self, skill_id: str) -> Offer | None:
        """Its skill with this id."""
        return next((offer for offer in self.offers if offer.id == skill_id), None)


def served(name: str) -> Served | None:
    """The agent that is served by this name; None when there is none. Reads the database."""
    if settings.A2A_AGENTS and name not in settings.A2A_AGENTS:
        return None
    if name == COORDINATOR:
        return _coordinator()
    registry.refresh()
    try:
        return _agent(registry.get(name))
    except registry.AgentNotFound:
        return None


def all_served() -> list[Served]:
    """Everything that is served, the coordinator first. Reads the database."""
    registry.refresh()
    names = [COORDINATOR, *(agent.name for agent in registry.registered())]
    return [found for name in names if (found := served(name))]


def _coordinator() -> Served:
    offers = tuple(_of_pipeline(pipeline) for pipeline in pipelines.known())
    return Served(COORDINATOR, "Callboard", "Makes films: plans, writes, draws, films and edits them.", offers)


def _of_pipeline(pipeline: Pipeline) -> Offer:
    return Offer(
        id=pipeline.name,
        name=pipeline.title,
        description=pipeline.description,
        tags=("film",),
        pipeline=pipeline.name,
        input_schema=pipeline.input_schema,
        output_schema={"type": "object"},
        input_modes=_input_modes(pipeline.input_schema),
        output_modes=(JSON_TYPE, TEXT_TYPE, "image/png", "image/jpeg", "video/mp4", "text/vtt"),
    )


def _agent(agent: Agent) -> Served:
    offers = tuple(_of_skill(agent, skill) for skill in agent.skills)
    return Served(agent.name, registry.title_of(agent.name), agent.description, offers)


def _of_skill(agent: Agent, skill: Skill) -> Offer:
    makes_files = _has_artifacts(skill.output_schema)
    return Offer(
        id=skill.id,
        name=skill.name,
        description=skill.description,
        tags=skill.tags or (agent.name,),
        pipeline=one_step.name_of(agent.name, skill.id),
        input_schema=skill.input_schema,
        output_schema=skill.output_schema,
        input_modes=_input_modes(skill.input_schema, skill.input_modes),
        output_modes=tuple(dict.fromkeys((*skill.output_modes, *(FILE_TYPES if makes_files else ())))),
    )


def _input_modes(schema: Json, declared: tuple[str, ...] = ()) -> tuple[str, ...]:
    modes = [JSON_TYPE, *declared]
    if _text_field(schema):
        modes.append(TEXT_TYPE)
    if _has_artifacts(schema):
        modes += FILE_TYPES
    return tuple(dict.fromkeys(modes))


def _text_field(schema: Json) -> str:
    fields, required = schemas.fields_of(schema), schemas.required_of(schema)
    candidates = required or {"text"} & set(fields)
    is_text = {name: fields.get(name, {}).get("type") == "string" for name in candidates}
    return next(iter(candidates)) if list(is_text.values()) == [True] else ""


def _has_artifacts(schema: Json) -> bool:
    return any(word == schemas.ARTIFACT_ID_FORMAT for word in _formats(schema))


def _formats(part: object) -> Iterator[object]:
    """Every `format` in a schema."""
    if isinstance(part, dict):
        yield part.get("format")
        for entry in part.values():
            yield from _formats(entry)
    elif isinstance(part, list):
        for entry in part:
            yield from _formats(entry)
