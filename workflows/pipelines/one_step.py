"""Pipelines of one step: a skill of one agent, asked for by itself. Made when they are wanted, in any process."""

from typing import Any, Final

from agents import registry
from workflows.errors import UnknownPipeline
from workflows.pipelines.base import Pipeline, Step

PREFIX: Final = "agent:"
STEP: Final = "perform"
STAGE: Final = "Work"
SECONDS: Final = 20.0  # what one takes until history knows better
TITLE_LENGTH: Final = 120


def name_of(agent: str, skill_id: str) -> str:
    """The name of the pipeline for a skill of an agent."""
    return f"{PREFIX}{agent}/{skill_id}"


def made(name: str) -> Pipeline:
    """The pipeline of this name.

    Raises: UnknownPipeline when no such agent, or no such skill of it, is known here.
    """
    asked = name.removeprefix(PREFIX)
    skill = registry.skill_named(asked)
    if not name.startswith(PREFIX) or "/" not in asked or skill is None:
        raise UnknownPipeline
    agent = registry.title_of(asked.partition("/")[0])
    return Pipeline(
        name=name,
        title=f"{agent}: {skill.name}",
        description=skill.description,
        input_schema=skill.input_schema,
        stages=(STAGE,),
        steps=(Step(STEP, stage=STAGE, skill=asked, takes={}, takes_input=True, seconds=SECONDS),),
        title_of=lambda given: _title(f"{agent}: {skill.name}", given),
    )


def _title(what: str, given: dict[str, Any]) -> str:
    """With the first text of the input, for people who look through a list."""
    text = next((" ".join(value.split()) for value in given.values() if isinstance(value, str) and value.strip()), "")
    return f"{what}, {text}"[:TITLE_LENGTH] if text else what
